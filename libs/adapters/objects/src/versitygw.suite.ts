import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { connectS3 } from './object-place.s3.ts';

const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), 'go', 'bin')];

/** The S3 server for specs, or null where it is not installed. */
export const versitygw = folders.map((folder) => join(folder, 'versitygw')).find((path) => existsSync(path)) ?? null;

export const missingVersitygw = 'versitygw is not installed (go install github.com/versity/versitygw/cmd/versitygw@v1.8.0)';

const credentials = { accessKeyId: 'access', secretAccessKey: 'secret-of-this-spec' };

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

/** A real S3 server over a temporary folder. */
export class S3Server {
  private constructor(
    readonly client: S3Client,
    private readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(binary: string): Promise<S3Server> {
    const folder = await mkdtemp(join(tmpdir(), 'paceline-s3-'));
    const port = await freePort();
    const env = { ...process.env, ROOT_ACCESS_KEY: credentials.accessKeyId, ROOT_SECRET_KEY: credentials.secretAccessKey };
    const child = spawn(binary, ['--port', `127.0.0.1:${port}`, 'posix', folder], { env, stdio: 'ignore' });
    while (!(await answers(port))) if (child.exitCode !== null) throw new Error(`versitygw ended with ${child.exitCode}`);
    return new S3Server(connectS3({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials }), child, folder);
  }

  async stop(): Promise<void> {
    this.client.destroy();
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill();
    await gone;
    await rm(this.folder, { recursive: true, force: true });
  }
}
