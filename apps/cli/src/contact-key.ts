import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, exitCodes } from './exit-code.ts';

/** The key of the contact hashes: the environment's, as the services have it, else the data folder's own; null without either. */
export function findContactKey(dataDir: string, env: Readonly<Record<string, string | undefined>> = process.env): string | null {
  const { PACELINE_CONTACT_KEY: given, PACELINE_CONTACT_KEY_FILE: named } = env;
  if (given !== undefined && given !== '') return given;
  const file = named !== undefined && named !== '' ? named : join(dataDir, 'contact.key');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/** The same; without one a sender's name cannot be turned into its lane. */
export function contactKey(dataDir: string): string {
  const key = findContactKey(dataDir);
  if (key !== null) return key;
  throw new CliError(
    `no contact key: nothing was started in ${dataDir}, and neither PACELINE_CONTACT_KEY nor PACELINE_CONTACT_KEY_FILE is set; give the lane's id instead`,
    exitCodes.usage,
  );
}
