import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TwilioAccount } from '@paceline/adapter-twilio';
import { loadSettings } from '@paceline/runtime';
import { CredentialWatch } from './credential-watch.ts';
import { systemScheduler } from './sender-ports.ts';
import { twilioAccount } from './twilio-account.ts';

const sid = (digit: string) => `AC${digit.repeat(32)}`;
const settings = (...more: string[]) =>
  ['accounts:', `  - {name: demo, sid: ${sid('1')}, authToken: {file: token}, callsPerSecond: 1}`, ...more].join('\n');

describe('credentials rotated while the process runs', () => {
  let folder: string;
  let renewals: TwilioAccount[][];
  let said: string[];
  let watch: CredentialWatch;
  const put = (name: string, text: string) => writeFile(join(folder, name), text);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'credentials-'));
    [renewals, said] = [[], []];
    await put('token', 'first-token');
    await put('paceline.yaml', settings());
    const settingsFile = join(folder, 'paceline.yaml');
    const loaded = loadSettings(settingsFile);
    if (!loaded.ok) throw new Error(loaded.problems.join());
    const say = (fields: object, message: string) => void said.push(`${message} ${JSON.stringify(fields)}`);
    const logger = { info: say, warn: say, error: say };
    const renew = (accounts: readonly TwilioAccount[]) => void renewals.push([...accounts]);
    watch = new CredentialWatch({
      settingsFile,
      accounts: loaded.settings.accounts.map(twilioAccount),
      renew,
      logger,
      scheduler: systemScheduler,
    });
    await watch.start();
  });
  afterEach(async () => {
    await watch.stop();
    await rm(folder, { recursive: true });
  });

  it("a secret's file that changed is handed on once, and never printed", async () => {
    await watch.look();
    await put('token', 'second-token!');
    await watch.look();
    await watch.look();
    expect(renewals).toMatchObject([[{ name: 'demo', username: sid('1'), password: 'second-token!' }]]);
    expect(said.join()).not.toContain('second');
  });

  it('a settings file that changed is read again: an API key in place of the token', async () => {
    const key = `SK${'2'.repeat(32)}`;
    await put(
      'paceline.yaml',
      settings().replace('authToken: {file: token}', `apiKey: ${key}, apiSecret: of-the-key, authToken: {file: token}`),
    );
    await watch.look();
    expect(renewals).toMatchObject([[{ username: key, password: 'of-the-key' }]]);
  });

  it.each([
    ['do not hold', () => put('paceline.yaml', settings('nonsense: 1'))],
    ['are not YAML', () => put('paceline.yaml', '{{')],
    ['are gone', () => rm(join(folder, 'token'))],
  ])('settings that %s change nothing', async (_what, change) => {
    await change();
    await watch.look();
    expect([renewals, said.length]).toEqual([[], 1]);
  });

  it('another account under the same name is not signed in to', async () => {
    await put('paceline.yaml', settings().replace(sid('1'), sid('2')));
    await watch.look();
    expect(renewals).toEqual([]);
  });
});
