// What node_modules was made from, against what the lockfile and the patches say now.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../source-command.mjs';

export const modules = join(workspaceRoot, 'node_modules');
const lockfile = join(workspaceRoot, 'package-lock.json');
const marker = join(modules, '.paceline-setup.json');

const sha256 = (texts) => texts.reduce((hash, text) => hash.update(text), createHash('sha256')).digest('hex');

const lockHash = () => sha256([readFileSync(lockfile)]);

function patchesHash() {
  const folder = join(workspaceRoot, 'patches');
  if (!existsSync(folder)) return 'none';
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.patch'))
    .sort();
  return sha256(names.flatMap((name) => [name, readFileSync(join(folder, name))]));
}

export const wantedNow = () => ({ lock: lockHash(), patches: patchesHash() });

/** `patches` is null when it was installed by hand and nobody knows. Null: to be installed. */
export function installed() {
  const known = existsSync(marker) ? JSON.parse(readFileSync(marker, 'utf8')) : null;
  if (known?.lock === lockHash()) return known;
  const byHand = join(modules, '.package-lock.json');
  if (!existsSync(byHand)) return null;
  const newer = statSync(byHand).mtimeMs >= statSync(lockfile).mtimeMs;
  return newer ? { lock: lockHash(), patches: null } : null;
}

export const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export const remember = (made) => writeFileSync(marker, JSON.stringify(made));
