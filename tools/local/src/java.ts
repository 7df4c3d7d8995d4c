import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

/** Oldest Java that runs the broker and the registry. */
export const oldestJava = 17;

export interface Java {
  readonly path: string;
  readonly version: string;
  readonly major: number;
}

function javaPath(): string {
  const home = process.env['JAVA_HOME'];
  const inHome = home === undefined ? '' : join(home, 'bin', 'java');
  return inHome !== '' && existsSync(inHome) ? inHome : 'java';
}

/** The Java in JAVA_HOME or on the PATH, or null when there is none. */
export async function findJava(): Promise<Java | null> {
  const path = javaPath();
  const { code, output } = await runCommand(path, ['-version'], { timeoutMs: 20_000 });
  const version = /version "([^"]+)"/.exec(output)?.[1];
  if (code !== 0 || version === undefined) return null;
  const [first = '0', second = '0'] = version.split('.');
  return { path, version, major: Number.parseInt(first === '1' ? second : first, 10) };
}

export async function findMaven(): Promise<boolean> {
  const { code } = await runCommand('mvn', ['-version'], { timeoutMs: 30_000 });
  return code === 0;
}
