// The plain server, run as a process of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { sourceCommand } from '@paceline/local';
import { repositoryRoot } from '@paceline/testing';

export class OwnServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<OwnServer> {
    const [node = '', ...args] = sourceCommand('regression/cluster/plain-server-main.ts');
    const child = spawn(node, args, {
      cwd: repositoryRoot,
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const [url] = (await once(child, 'message')) as [string];
    return new OwnServer(child, url);
  }

  /** Calls received so far. */
  async received(): Promise<number> {
    return Number(await (await fetch(`${this.url}/received`)).text());
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await gone;
  }
}
