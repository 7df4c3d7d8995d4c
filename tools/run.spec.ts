import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { workspaceRoot } from './source-command.mjs';

const runner = join(workspaceRoot, 'tools', 'run.mjs');

describe('a source that is run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'run-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function run(source: string, args: readonly string[] = [], nodeFlags: readonly string[] = []): ChildProcess {
    writeFileSync(join(folder, 'main.ts'), source);
    const env = { PATH: process.env['PATH'] };
    return spawn(process.execPath, [...nodeFlags, runner, 'main.ts', ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  const outcomeOf = async (child: ChildProcess): Promise<unknown> => {
    const [[code, signal], out, err] = await Promise.all([once(child, 'close'), text(child.stdout!), text(child.stderr!)]);
    return { code: code as number, signal: signal as string, out, err };
  };

  it('is the process that was started: its exit code, arguments and flags of Node are its own', async () => {
    const source = 'const pid: number = process.pid; console.log(pid, process.argv.slice(2), process.execArgv[0]); process.exitCode = 7;';
    const child = run(source, ['--once', 'two words'], ['--max-semi-space-size=2']);
    const out = `${child.pid} [ '--once', 'two words' ] --max-semi-space-size=2\n`;
    expect(await outcomeOf(child)).toEqual({ code: 7, signal: null, out, err: '' });
  });

  it('gets signals itself, and ends by those that it leaves alone', async () => {
    const child = run(`process.on('SIGINT', () => console.log('heard')); setInterval(() => undefined, 1_000); console.log('ready');`);
    child.stdout?.once('data', () => child.kill('SIGINT'));
    child.stdout?.on('data', (chunk: Buffer) => chunk.toString().includes('heard') && child.kill('SIGTERM'));
    expect(await outcomeOf(child)).toEqual({ code: null, signal: 'SIGTERM', out: 'ready\nheard\n', err: '' });
  });

  it('has to be named', async () => {
    const child = spawn(process.execPath, [runner], { stdio: ['ignore', 'pipe', 'pipe'] });
    expect(await outcomeOf(child)).toEqual({ code: 2, signal: null, out: '', err: 'usage: node tools/run.mjs FILE [ARGUMENT...]\n' });
  });
});
