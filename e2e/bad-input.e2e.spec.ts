// Bad input is refused with one clear line and the documented exit code; nothing is half-sent, nothing keeps running.
import { existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { Paceline, reportOf } from './paceline-process.ts';
import { productSettings } from './product-settings.ts';

const settings = (portBase: number, change: (text: string) => string = (text) => text): string =>
  change(productSettings(portBase, { callsPerSecond: 100 }));

/** A PATH with what npm needs and neither java nor docker. */
function pathWithoutJava(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const tool of ['node', 'npm', 'sh', 'env']) {
    const found = (process.env['PATH'] ?? '')
      .split(':')
      .map((dir) => join(dir, tool))
      .find((path) => existsSync(path));
    if (found !== undefined) symlinkSync(realpathSync(found), join(bin, tool));
  }
  return bin;
}

describe('bad input', () => {
  let paceline: Paceline;
  beforeEach(async () => {
    paceline = await Paceline.create();
  });
  afterEach(() => paceline.dispose());

  it('in the settings is shown whole, with line and setting, before anything starts (exit 2)', async () => {
    const path = paceline.write(
      'bad.yaml',
      settings(paceline.portBase, (text) => text.replace('100', '-1').replace('account: demo', 'account: nobody')),
    );
    const { code, stderr } = await paceline.start(['--once', '--settings', path]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/bad\.yaml:6 accounts\[0\]\.callsPerSecond/);
    expect(stderr).toMatch(/bad\.yaml:9 sources\[0\]\.account/);
    expect(paceline.runFile()).toBeNull();
  });

  it('in the form of a file that does not exist is named (exit 2)', async () => {
    const { code, stderr } = await paceline.start(['--once', '--file', 'nowhere.csv']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/nowhere\.csv: no such file/) as string });
  });

  it('a port in use is one line that names the port (exit 5)', async () => {
    const squatter = createServer().listen(paceline.portBase + 1, '127.0.0.1');
    await once(squatter, 'listening');
    const { code, stderr } = await paceline.start(['--once']);
    squatter.close();
    expect(code).toBe(5);
    expect(stderr).toContain(`port ${paceline.portBase + 1}`);
    expect(paceline.survivors()).toEqual([]);
  });

  it('no Java and no Docker is one line that says what to install (exit 5)', async () => {
    const { code, stderr } = await paceline.start(['--once'], { PATH: pathWithoutJava(paceline.dataDir), JAVA_HOME: '' });
    expect(code).toBe(5);
    expect(stderr).toMatch(/Java 17/);
    expect(paceline.survivors()).toEqual([]);
  });

  it('files that are none are refused with the reason, good ones beside them are processed (exit 3)', async () => {
    const files = {
      'empty.csv': '',
      'header-only.csv': 'To,From,Body\n',
      'binary.csv': Buffer.from(Array.from({ length: 4_000 }, (_, i) => (i * 37) % 256)),
      'broken-quotes.csv': 'To,From,Body\n+15005550010,+15005550006,"never closed\n+15005550011,+15005550006,b\n',
      'no-to.csv': 'Phone,From,Body\n+15005550010,+15005550006,hello\n',
      'broken.csv.gz': gzipSync('To,From,Body\n+15005550010,+15005550006,x\n').subarray(0, 30),
      'good.csv': 'To,From,Body,Shoe size\n+15005550010,+15005550006,"it\'s ""fine"", really",42\nnonsense,+15005550006,b,43\n',
    };
    const paths = Object.entries(files).map(([name, content]) => paceline.write(name, content));
    const own = paceline.write('paceline.yaml', settings(paceline.portBase));
    const result = await paceline.start(['--once', '--json', '--settings', own, ...paths.flatMap((path) => ['--file', path])]);
    const { batches } = reportOf(result);
    const refusals = Object.fromEntries(batches.map(({ file, refusal }) => [file, refusal?.code ?? null]));
    expect(refusals).toEqual({
      'empty.csv': 'empty-file',
      'header-only.csv': 'header-only',
      'binary.csv': 'binary-file',
      'broken-quotes.csv': 'broken-quotes',
      'no-to.csv': 'no-to-column',
      'broken.csv.gz': 'broken-gzip',
      'good.csv': null,
    });
    const good = batches.find(({ file }) => file === 'good.csv');
    expect(good).toMatchObject({ rows: 2, complete: true, outcomes: { accepted: 1, refused: 1 } });
    expect(result.code).toBe(3);
    expect(paceline.survivors()).toEqual([]);
  });
});
