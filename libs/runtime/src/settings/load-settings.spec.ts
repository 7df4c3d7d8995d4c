import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { loadSettings } from './load-settings.ts';
import type { Settings } from './settings-schema.ts';

const SID = `AC${'0'.repeat(32)}`;
const TOKEN = 'token-that-must-not-be-seen';

describe('settings', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const load = (yaml: string, env: Record<string, string> = {}) => {
    const path = join(folder, 'paceline.yaml');
    writeFileSync(path, yaml);
    return loadSettings(path, env);
  };
  const settingsOf = (yaml: string, env: Record<string, string> = {}): Settings => {
    const result = load(yaml, env);
    if (!result.ok) throw new Error(result.problems.join('\n'));
    return result.settings;
  };
  const problemsOf = (yaml: string, env: Record<string, string> = {}): readonly string[] => {
    const result = load(yaml, env);
    return result.ok ? [] : result.problems;
  };

  const minimal = `accounts:\n  - {name: demo, sid: ${SID}, authToken: ${TOKEN}, callsPerSecond: 50}\n`;

  test('a minimal file gets every default', () => {
    expect(settingsOf(minimal)).toMatchObject({
      accounts: [{ name: 'demo', mode: 'simulator', baseUrl: 'https://api.twilio.com', callsPerSecond: 50, maxInFlight: 40, senders: [] }],
      sources: [],
      retry: { maxTotalWaitMs: 3_600_000, maxAttempts: 5 },
      reconcile: {
        clientTimeoutMs: 40_000,
        providerTimeoutMs: 30_000,
        skewMs: 5_000,
        listSpacingMs: 60_000,
        maxHoldMs: 86_400_000,
        inDoubt: 'hold',
      },
      pace: { leadMs: 700, sliceMs: 100 },
      send: { claimLeadMs: 250, lateToleranceMs: 12 },
      tracing: { ratio: 0.01 },
      shutdown: { deadlineMs: 10_000 },
      ingest: { limits: { chunkRows: 500 } },
      alerts: { webhooks: [] },
      errorTable: [],
    });
  });

  test('all problems are told at once, each with its line and setting', () => {
    const problems = problemsOf(
      [
        'accounts:',
        '  - name: demo',
        `    sid: ${SID}`,
        `    authToken: ${TOKEN}`,
        '    callsPerSecnd: 50',
        '    maxInFlight: 0',
        '    baseUrl: http://api.example.com',
        '  - name: demo',
        `    sid: ${SID}`,
        '    callsPerSecond: .inf',
        '    mode: live',
        'sources:',
        '  - {name: drop, account: other, folder: a, topic: b}',
        'retry: {maxTotalWait: 1 fortnight}',
        'quota: {}',
      ].join('\n'),
    );
    expect(problems).toEqual([
      'paceline.yaml:2 accounts[0].callsPerSecond: give calls per second, a number above 0, at most 2000',
      'paceline.yaml:5 accounts[0].callsPerSecnd: unknown setting; did you mean callsPerSecond?',
      'paceline.yaml:6 accounts[0].maxInFlight: give a whole number from 1 to 5000',
      expect.stringContaining('paceline.yaml:7 accounts[0].baseUrl: give an https:// URL'),
      'paceline.yaml:8 accounts[1].name: already used by accounts[0]',
      "paceline.yaml:8 accounts[1].confirmLive: mode live makes real calls: repeat the account's sid here to allow it",
      'paceline.yaml:8 accounts[1].authToken: give authToken, or apiKey and apiSecret',
      'paceline.yaml:9 accounts[1].sid: already used by accounts[0]',
      'paceline.yaml:10 accounts[1].callsPerSecond: give calls per second, a number above 0, at most 2000',
      'paceline.yaml:13 sources[0].account: no account has this name; known: demo',
      'paceline.yaml:13 sources[0]: give exactly one of folder, bucket and topic',
      expect.stringContaining('paceline.yaml:14 retry.maxTotalWait: give a duration with its unit'),
      'paceline.yaml:15 quota: unknown setting',
    ]);
  });

  test.each([0, -1, 2_001, '1e9', '"50"', '.nan'])('callsPerSecond %s is refused', (rate) => {
    expect(problemsOf(minimal.replace('callsPerSecond: 50', `callsPerSecond: ${rate}`))).toEqual([
      'paceline.yaml:2 accounts[0].callsPerSecond: give calls per second, a number above 0, at most 2000',
    ]);
  });

  test('a part of a call per second is a rate', () => {
    expect(settingsOf(minimal.replace('callsPerSecond: 50', 'callsPerSecond: 0.5')).accounts[0]?.callsPerSecond).toBe(0.5);
  });

  test('plain http is for this machine only', () => {
    const withBase = (url: string) => minimal.replace('name: demo', `name: demo, baseUrl: "${url}"`);
    expect(settingsOf(withBase('http://127.0.0.1:18080/')).accounts[0]?.baseUrl).toBe('http://127.0.0.1:18080');
    expect(problemsOf(withBase('http://127.0.0.1.example.com'))).toHaveLength(1);
    expect(problemsOf(withBase('http://user:word@localhost'))).toHaveLength(1);
    expect(problemsOf(withBase('ftp://localhost'))).toHaveLength(1);
  });

  test('a live account is confirmed by its own sid', () => {
    const live = (confirm: string) => minimal.replace('name: demo', `name: demo, mode: live, confirmLive: ${confirm}`);
    expect(problemsOf(live(SID))).toEqual([]);
    expect(problemsOf(live(`AC${'1'.repeat(32)}`))).toHaveLength(1);
  });

  test('secrets come from the file itself, a variable or another file', () => {
    writeFileSync(join(folder, 'token'), `${TOKEN}\n`);
    for (const source of [TOKEN, '"${env:TOKEN}"', '{file: token}', '[ {file: ./token} ]']) {
      const [account] = settingsOf(minimal.replace(`authToken: ${TOKEN}`, `authToken: ${source}`), { TOKEN }).accounts;
      expect(account?.authToken.map((secret) => secret.reveal())).toEqual([TOKEN]);
    }
  });

  test('a secret that is not there is told by the name of its place', () => {
    expect(problemsOf(minimal.replace(`authToken: ${TOKEN}`, 'authToken: "${env:TOKEN}"'))).toEqual([
      'paceline.yaml:2 accounts[0].authToken: set the environment variable TOKEN',
    ]);
    expect(problemsOf(minimal.replace(`authToken: ${TOKEN}`, 'authToken: {file: none}'))).toEqual([
      `paceline.yaml:2 accounts[0].authToken: the file ${join(folder, 'none')} cannot be read (ENOENT)`,
    ]);
  });

  test('neither settings nor problems print a secret', () => {
    const settings = settingsOf(`${minimal}alerts: {webhooks: [{url: "https://hooks.example.com/${TOKEN}"}]}`);
    const broken = problemsOf(`${minimal}authToken: ${TOKEN}\nretry: ${TOKEN}\nalerts: {webhooks: ${TOKEN}}\nx: "${TOKEN}\n`);
    const wrong = problemsOf(minimal.replace(`sid: ${SID}`, `sid: ${TOKEN}`).replace('demo', `${TOKEN}!`));
    const printed = [JSON.stringify(settings), inspect(settings, { depth: 9, showHidden: true }), ...broken, ...wrong].join('\n');
    expect(broken).not.toEqual([]);
    expect(wrong).toHaveLength(2);
    expect(printed).not.toContain(TOKEN);
  });

  test('the rate of a messaging service is the sum of its pool', () => {
    const senders =
      '    senders: [{id: "+15005550006"}, {id: "+18005550007", type: toll-free}, {id: MG1, pool: ["+15005550006", "+18005550007", "+15005550008"]}]';
    const yaml = `accounts:\n  - name: demo\n    sid: ${SID}\n    authToken: x\n    callsPerSecond: 1\n${senders}\n`;
    expect(settingsOf(yaml).accounts[0]?.senders.map(({ type, segmentsPerSecond }) => [type, segmentsPerSecond])).toEqual([
      ['long-code', 1],
      ['toll-free', 3],
      ['messaging-service', 5],
    ]);
  });

  test('a rule of the error table can be replaced; what it leaves out stays as the table has it', () => {
    const rules =
      'errorTable:\n  - {code: 21612, action: retry-late, scope: none, class: transient, delay: 10m}\n  - {code: 30003, phase: callback}\n';
    expect(settingsOf(minimal + rules).errorTable).toEqual([
      { code: 21612, action: 'retry-late', scope: 'none', class: 'transient', delayMs: 600_000 },
      { code: 30003, phase: 'callback' },
    ]);
  });

  test('each rule that means nothing is told with its line and place', () => {
    const rules = [
      'errorTable:',
      '  - {code: 21610, action: stop-account}',
      '  - {code: 21614, delay: 1m}',
      '  - {code: 99999, class: row}',
      '  - {code: 21614, phase: sync}',
      '  - {code: 21211, action: panic}',
    ].join('\n');
    expect(problemsOf(`${minimal}${rules.slice(0, rules.lastIndexOf('\n'))}\n`)).toEqual([
      'paceline.yaml:4 errorTable[0]: 21610: stop-account cannot be of contact-channel-sender; give scope account',
      'paceline.yaml:6 errorTable[2]: 99999: the table has no rule for it; give class, action and scope',
      'paceline.yaml:7 errorTable[3]: 21614: given twice',
    ]);
    expect(problemsOf(`${minimal}${rules}\n`)).toEqual([expect.stringContaining('paceline.yaml:8 errorTable[4].action: give retry, ')]);
  });

  test('a source has complete limits and a folder relative to the settings file', () => {
    const yaml = `${minimal}ingest: {limits: {maxRows: 7}}\nsources:\n  - {name: drop, account: demo, folder: ./inbox, stable: 500ms, limits: {chunkRows: 2}}\n`;
    expect(settingsOf(yaml).sources).toEqual([
      {
        name: 'drop',
        account: 'demo',
        mode: 'stream',
        columns: {},
        defaults: {},
        sameContent: 'refuse',
        folder: join(folder, 'inbox'),
        stableMs: 500,
        limits: {
          maxFileBytes: 10_737_418_240,
          maxRows: 7,
          maxColumns: 200,
          maxFieldLength: 65_536,
          maxJsonDepth: 8,
          maxGzipRatio: 200,
          chunkRows: 2,
        },
      },
    ]);
  });

  test('a missing, empty or malformed file is one clear line', () => {
    expect(loadSettings(join(folder, 'none.yaml'))).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('(ENOENT); create it or set PACELINE_SETTINGS')],
    });
    expect(problemsOf('')).toEqual(['paceline.yaml accounts: list at least one account']);
    expect(problemsOf('accounts: [')).toEqual([expect.stringMatching(/^paceline\.yaml:1: not valid YAML: /)]);
    expect(problemsOf('- 1')).toHaveLength(1);
  });
});
