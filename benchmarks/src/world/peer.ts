// A peer is a process of its own: it gets ready, waits for a line on its standard input, calls until it is ended.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const peersFolder = fileURLToPath(new URL('../../peers/', import.meta.url));

export interface PeerJob {
  readonly url: string;
  readonly sid: string;
  readonly rate: number;
  /** Rows to hold ready. */
  readonly rows: number;
  readonly redisPort: number | null;
  /** Names the queue, so that no run meets the rows of another. */
  readonly run: string;
  /** The first of several workers fills the queue. */
  readonly first: boolean;
}

export interface Peer {
  readonly pid: number;
  go(): void;
  stop(): Promise<void>;
}

/** Installs the peers when they are missing; false, with the reason printed, when that fails. */
export function installPeers(print: (line: string) => void): boolean {
  if (existsSync(join(peersFolder, 'node_modules', '.package-lock.json'))) return true;
  print('installing the peers: npm ci in benchmarks/peers');
  const { status, stderr } = spawnSync('npm', ['ci'], { cwd: peersFolder, encoding: 'utf8' });
  if (status === 0) return true;
  print(`the peers cannot be installed and are not run: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  return false;
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(killer);
}

/** Resolves when the peer holds its rows; throws with its last words when it ends before. */
export async function startPeer(script: string, job: PeerJob): Promise<Peer> {
  const child = spawn(process.execPath, [join(peersFolder, script), JSON.stringify(job)], {
    cwd: peersFolder,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const words: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => words.push(text));
  const ready = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') resolve(true);
    });
    void ended.then(() => resolve(false));
  });
  if (!(await ready)) throw new Error(`${script} ended before it was ready: ${words.join('').trim().slice(-300)}`);
  return { pid: child.pid ?? 0, go: () => void child.stdin.write('go\n'), stop: () => end(child, ended) };
}
