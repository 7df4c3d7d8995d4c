import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourceFlags } from '../../../tools/source-command.mjs';

const main = fileURLToPath(new URL('./service-under-test.suite.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('a service as a process', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'process-'));
    writeFileSync(join(folder, 'paceline.yaml'), `accounts: [{name: demo, sid: AC${'0'.repeat(32)}, authToken: x, callsPerSecond: 1}]\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (own: Record<string, string>, onReady: NodeJS.Signals | null = null): Promise<Ended> => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      KAFKA_BROKERS: '127.0.0.1:1',
      SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1',
      PACELINE_CONTACT_KEY: 'a key that is long enough',
      PORT: '0',
      ...own,
    };
    const child = spawn(process.execPath, [...sourceFlags(), main], { cwd: folder, env });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (onReady !== null && !out.includes('"ready"') && (out + text).includes('"ready"')) child.kill(onReady);
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  };

  test.each(['SIGTERM', 'SIGINT'] as const)('%s stops its parts and exits 0', async (signal) => {
    const ended = await run({}, signal);
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.out).toMatch(/part started[^]*"ready"[^]*"stopping"[^]*part stopped[^]*"stopped"/);
  });

  test('a part that ends the process has every part stopped first, and its exit code kept', async () => {
    const ended = await run({ FAILURE: 'end' });
    expect(ended.code).toBe(7);
    expect(ended.out).toContain('part stopped');
  });

  test('a wrong configuration exits 2 with every problem on a line of its own', async () => {
    writeFileSync(join(folder, 'paceline.yaml'), 'accounts: []\n');
    const ended = await run({ KAFKA_BROKERS: '', FAILURE: 'maybe' });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(
      ended.err
        .trim()
        .split('\n')
        .map((line) => line.split(': ').slice(0, 2).join(': ')),
    ).toEqual(['spec: KAFKA_BROKERS', 'spec: FAILURE', 'spec: paceline.yaml:1 accounts']);
  });

  test('a part that cannot start exits 5 with one line, and is stopped', async () => {
    const ended = await run({ FAILURE: 'start' });
    expect(ended).toMatchObject({ code: 5, err: 'spec: part: no answer\n' });
    expect(ended.out).toContain('part stopped');
  });

  test.each(['throw', 'reject'])('an unexpected error (%s) is logged and exits 1 at once, nothing stopped', async (failure) => {
    const ended = await run({ FAILURE: failure });
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/"level":"fatal".*(thrown|rejected) later/);
    expect(ended.out).not.toContain('part stopped');
  });
});
