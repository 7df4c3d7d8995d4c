// DATA_DIR/run.json: what runs here, by pid. The only memory of the stack: whoever stops, starts or supervises a process reads it.
// Written under another name and renamed, so that a reader never sees half of it. It never holds a secret.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from './file-lock.ts';
import type { LaunchPlan } from './launch.ts';
import type { ProcessIdentity } from './pids.ts';
import { StackError } from './stack-error.ts';

export const runFileVersion = 1;

export interface ProcessRecord extends LaunchPlan, ProcessIdentity {
  /** Names of secret variables it was given by value; they are not in `env`, so a restart needs them in the caller's environment. */
  readonly withheldEnv: readonly string[];
  /** Null while it starts. */
  readonly readyAt: string | null;
  /** `stopped`: on purpose; it is not restarted until somebody starts it. */
  readonly state: 'running' | 'stopped';
}

export interface StackUrls {
  /** Bootstrap servers, comma separated. */
  readonly kafka: string | null;
  readonly registry: string | null;
  readonly clickhouse: string | null;
  readonly simulator: string | null;
  readonly collector: string | null;
}

export interface RunFile {
  readonly schemaVersion: number;
  readonly dataDir: string;
  readonly portBase: number;
  /** The process that started the stack and stops it at its end; null once it is stopped. */
  readonly supervisor: ProcessIdentity | null;
  readonly startedAt: string;
  readonly urls: StackUrls;
  /** In the order of their start; they stop in the reverse one. */
  readonly processes: readonly ProcessRecord[];
}

const fileOf = (dataDir: string): string => join(dataDir, 'run.json');

export async function readRunFile(dataDir: string): Promise<RunFile | null> {
  if (!existsSync(fileOf(dataDir))) return null;
  const run = JSON.parse(await readFile(fileOf(dataDir), 'utf8')) as RunFile;
  if (run.schemaVersion !== runFileVersion)
    throw new StackError(`${fileOf(dataDir)} was written by another version: stop what it names, then delete it.`);
  return run;
}

export async function writeRunFile(dataDir: string, run: RunFile): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const unfinished = `${fileOf(dataDir)}.${process.pid}`;
  await writeFile(unfinished, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, fileOf(dataDir));
}

export async function requireRunFile(dataDir: string): Promise<RunFile> {
  const run = await readRunFile(dataDir);
  if (run === null) throw new StackError(`nothing was started in ${dataDir}: there is no run.json.`);
  return run;
}

/** Read, change, write as one step among all processes that use this folder. */
export function changeRunFile(dataDir: string, change: (run: RunFile) => RunFile): Promise<RunFile> {
  return withFileLock(join(dataDir, 'run.lock'), async () => {
    const changed = change(await requireRunFile(dataDir));
    await writeRunFile(dataDir, changed);
    return changed;
  });
}

/** Replaces the record of the same name in its place, or adds it at the end. */
export function withProcess(run: RunFile, record: ProcessRecord): RunFile {
  const known = run.processes.some(({ name }) => name === record.name);
  const processes = known ? run.processes.map((other) => (other.name === record.name ? record : other)) : [...run.processes, record];
  return { ...run, processes };
}

export function findProcess(run: RunFile, name: string): ProcessRecord {
  const record = run.processes.find((one) => one.name === name);
  if (record !== undefined) return record;
  throw new StackError(`no process is called ${name}; there are: ${run.processes.map((one) => one.name).join(', ')}.`);
}

const secretName = /(^|_)(PASSWORD|SECRET|TOKEN|KEY|USERS)(S?$|S?_)/;

export function isSecretName(variable: string): boolean {
  return secretName.test(variable) && !variable.endsWith('_FILE');
}

export function recordOf(plan: LaunchPlan, { pid, startedAt }: ProcessIdentity, readyAt: string | null): ProcessRecord {
  const entries = Object.entries(plan.env);
  return {
    ...plan,
    env: Object.fromEntries(entries.filter(([name]) => !isSecretName(name))),
    withheldEnv: entries.map(([name]) => name).filter(isSecretName),
    pid,
    startedAt,
    readyAt,
    state: 'running',
  };
}
