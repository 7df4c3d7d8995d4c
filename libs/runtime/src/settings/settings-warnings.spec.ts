import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings, type SettingsResult } from './load-settings.ts';

/** Lines of one account beyond what it must have; the account begins at line 2, these lines at line 5. */
function check(...lines: string[]): SettingsResult {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  try {
    const path = join(folder, 'paceline.yaml');
    const own = ['accounts:', '  - name: demo', `    sid: AC${'0'.repeat(32)}`, '    authToken: x', ...lines.map((line) => `    ${line}`)];
    writeFileSync(path, own.join('\n'));
    return loadSettings(path, {});
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const warningsOf = (...lines: string[]): readonly string[] => {
  const result = check('callsPerSecond: 50', ...lines);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.warnings;
};
const problemsOf = (...lines: string[]): readonly string[] => {
  const result = check('callsPerSecond: 50', ...lines);
  return result.ok ? [] : result.problems;
};

describe('what settings check warns of', () => {
  test('plain settings have no warning', () => {
    expect(warningsOf('senders: [{id: "+15005550006", type: long-code}]', 'dailyCap: 200000')).toEqual([]);
  });

  test('a lane above its account', () => {
    expect(warningsOf('senders:', '  - {id: "12345", type: short-code}')).toEqual([
      "paceline.yaml:7 accounts[0].senders[0]: 100 segments a second are above the account's 50 calls a second: the account's limit binds",
    ]);
    expect(warningsOf('unlistedSegmentsPerSecond: 60')).toEqual([expect.stringContaining('accounts[0].unlistedSegmentsPerSecond: above')]);
  });

  test('an API above its account, when a person wrote it', () => {
    expect(warningsOf('apiLimits: {calls: 51}')).toEqual([expect.stringContaining('accounts[0].apiLimits.calls: 51 calls a second')]);
    const slow = check('callsPerSecond: 5');
    expect(slow.ok && slow.warnings).toEqual([]);
  });

  test('a sender whose rate is a default', () => {
    expect(warningsOf('senders: [{id: "+15005550006"}]')).toEqual([
      'paceline.yaml:6 accounts[0].senders[0]: neither type nor segmentsPerSecond is given: taken as long-code, 1 segments a second',
    ]);
  });

  test('a number of a pool that is not among the senders, without quoting it', () => {
    const [warning, ...others] = warningsOf(
      'senders:',
      '  - {id: MG00000000000000000000000000000001, type: messaging-service, pool: ["+15005550008"]}',
    );
    expect(warning).toMatch(/^paceline\.yaml:7 accounts\[0\]\.senders\[0\]\.pool\[0\]: not among the senders/);
    expect(warning).not.toContain('15005550008');
    expect(others).toEqual([]);
  });

  test('a sender that no row can have', () => {
    expect(warningsOf('senders: [{id: "5005550006123", type: long-code}]')).toEqual([expect.stringContaining('senders[0].id: no row can')]);
  });

  test('a daily cap that ends the day within an hour', () => {
    expect(warningsOf('dailyCap: 1000')).toEqual([
      'paceline.yaml:6 accounts[0].dailyCap: reached after 20 s at 50 calls a second; then nothing is called until 00:00 UTC, whatever batch waits',
    ]);
  });

  test('quiet hours that leave less than an hour', () => {
    expect(warningsOf('quietHours: {from: "08:30", to: "08:00"}')).toEqual([expect.stringContaining('only 30 minutes a day are left')]);
    expect(warningsOf('quietHours: {}')).toEqual([]);
  });

  test('a floor above the pace', () => {
    expect(warningsOf('adaptive: {floorPerSecond: 60}')).toEqual([expect.stringContaining('adaptive.floorPerSecond: above')]);
  });

  test('a pace that is hardly one', () => {
    const result = check('callsPerSecond: 0.0001');
    expect(result.ok && result.warnings).toEqual([expect.stringContaining('one call in 10000 s')]);
  });
});

describe('what settings check refuses about limits', () => {
  test.each([
    ['apiLimits: {calls: 0}', 'accounts[0].apiLimits.calls: give calls per second, a number above 0, at most 2000'],
    ['apiLimits: {messages: -1}', 'accounts[0].apiLimits.messages: give calls per second, a number above 0, at most 2000'],
    ['apiLimits: {studio: .nan}', 'accounts[0].apiLimits.studio: give calls per second, a number above 0, at most 2000'],
    ['adaptive: {floorPerSecond: .inf}', 'accounts[0].adaptive.floorPerSecond: give calls per second'],
    ['unlistedSegmentsPerSecond: 1e9', 'accounts[0].unlistedSegmentsPerSecond: give segments per second'],
    ['dailyCap: 0', 'accounts[0].dailyCap: give a number of calls, a whole number from 1'],
    ['dailyCap: 1.5', 'accounts[0].dailyCap: give a number of calls, a whole number from 1'],
    ['senders: [{id: "+15005550006", segmentsPerSecond: 0}]', 'senders[0].segmentsPerSecond: give a number above 0, at most 1000'],
    ['senders: [{id: +15005550006}]', 'senders[0].id: give the sender as a text in quotes'],
    ['senders: [{id: "12345"}, {id: "12345"}]', 'senders[1].id: already used by accounts[0].senders[0]'],
    ['senders: [{id: MG1, pool: ["555-0006"]}]', 'senders[0].pool[0]: give a number in E.164'],
    ['dailyReset: {zone: Mars/Olympus}', 'accounts[0].dailyReset.zone: give an IANA time zone, such as America/Chicago'],
    ['dailyReset: {at: "24:00"}', 'accounts[0].dailyReset.at: give a time of day as HH:MM'],
    ['quietHours: {from: "08:00", to: "08:00"}', 'accounts[0].quietHours.to: from and to are the same'],
  ])('%s', (line, problem) => {
    expect(problemsOf(line)).toEqual([expect.stringContaining(problem)]);
  });
});
