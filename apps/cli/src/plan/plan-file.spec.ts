import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PlanLoad, planOf } from '@paceline/domain/reporting';
import { loadSettings, type Settings } from '@paceline/runtime';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { laneNames } from '../lane-names.ts';
import { settingsReport } from '../settings-report.ts';
import { planAccounts, planPlace } from './plan-accounts.ts';
import { planLines, planReport, type PlanReport } from './plan-view.ts';
import { readPlanFile } from './read-plan-file.ts';

const contactKey = 'a key that is long enough';
const start = Date.UTC(2026, 10, 22, 12) * 1_000;
const sender = '+15005550006';

const yaml = `accounts:
  - name: demo
    sid: AC${'0'.repeat(32)}
    authToken: x
    callsPerSecond: 50
    senders: [{id: "${sender}", type: long-code}]
  - {name: other, sid: AC${'1'.repeat(32)}, authToken: x, callsPerSecond: 5}
sources:
  - {name: drop, folder: ./inbox, account: demo}
  - {name: phones, folder: ./phones, account: demo, columns: {To: mobile}, defaults: {From: "${sender}", Body: hello}, limits: {maxRows: 5}}
`;

const errorsOf = (schema: string, value: object): unknown => {
  const text = readFileSync(new URL(`../../../../docs/reference/schemas/${schema}.schema.json`, import.meta.url), 'utf8');
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(text) as object);
  return validate(JSON.parse(JSON.stringify(value))) ? [] : validate.errors;
};

describe('a plan of a file', () => {
  let folder: string;
  let settings: Settings;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plan-'));
    writeFileSync(join(folder, 'paceline.yaml'), yaml);
    const loaded = loadSettings(join(folder, 'paceline.yaml'), {});
    if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
    settings = loaded.settings;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function plan(content: string | Buffer, asked: { source?: string; account?: string } = {}, name = 'rows.csv'): Promise<PlanReport> {
    const path = join(folder, name);
    writeFileSync(path, content);
    const place = planPlace(settings, asked);
    const load = new PlanLoad(planAccounts(settings, contactKey), start);
    const file = await readPlanFile({ path, settings, contactKey, load, ...place });
    const names = laneNames(settings, contactKey);
    const about = { file, source: place.source.name, account: place.account, answerSeconds: 0.5, laneNames: names };
    return planReport({ plan: planOf(load, { answerSeconds: 0.5, minShare: 0.05 }), ...about });
  }

  const good = (n: number, from = sender): string =>
    Array.from({ length: n }, (_, i) => `+1500600${String(i).padStart(4, '0')},${from},hi\n`).join('');
  const bad = 'nonsense,+15005550006,hi\n';

  test('names the limit that binds, refused rows with their reasons, and is what its schema says', async () => {
    const report = await plan(`To,From,Body\n${good(31)}${bad}`);
    expect(report).toMatchObject({ rows: 32, admitted: 31, refused: 1, reasons: { 'invalid-to': 1 }, method: 'decider', ok: true });
    expect(report.accounts[0]).toMatchObject({ binds: 'lane +1500***06 at 1 segment/s', lanes: [{ lane: '+1500***06', rows: 31 }] });
    expect(Math.abs(report.seconds - 31)).toBeLessThanOrEqual(2);
    expect(errorsOf('plan', report)).toEqual([]);
    const lines = planLines(report).join('\n');
    expect(lines).toMatch(/refused: invalid-to 1\n {2}line 33 To:/);
    expect(lines).toMatch(/lane \+1500\*\*\*06 at 1 segment\/s binds: 3\d s/);
    expect(lines).not.toContain('5005550006');
  });

  test('reads a file by its source: columns, defaults, limits', async () => {
    expect(await plan(`mobile\n+15006000001\n`, { source: 'phones' })).toMatchObject({ admitted: 1, source: 'phones' });
    const six = Array.from({ length: 6 }, (_, i) => `+1500600000${i}\n`).join('');
    await expect(plan(`mobile\n${six}`, { source: 'phones' })).rejects.toMatchObject({ fault: { code: 'too-many-rows', line: 7 } });
  });

  test('rows go to the account asked for, or to the one that they name', async () => {
    expect((await plan(`To,From,Body\n${good(3)}`, { account: 'other' })).accounts).toMatchObject([{ account: 'other', rows: 3 }]);
    const mixed = 'To,From,Body,Account\n+15006000001,+15005550006,hi,other\n+15006000002,+15005550006,hi,\n';
    expect((await plan(mixed)).accounts.map(({ account }) => account).sort()).toEqual(['demo', 'other']);
  });

  test.each([
    [{ account: 'nobody' }, '--account nobody: the settings know demo, other'],
    [{ source: 'nowhere' }, '--source nowhere: the settings know drop, phones'],
  ])('what is not set up is named: %j', async (asked, message) => {
    await expect(plan('To,From,Body\n', asked)).rejects.toMatchObject({ message, exitCode: 2 });
  });

  test('a packed file and NDJSON are read as the ingestor reads them', async () => {
    expect(await plan(gzipSync(`To,From,Body\n${good(4)}`), {}, 'rows.csv.gz')).toMatchObject({ admitted: 4, format: 'csv' });
    const line = JSON.stringify({ To: '+15006000001', From: sender, Body: 'hi' });
    expect(await plan(`${line}\n${line}\n`, {}, 'rows.ndjson')).toMatchObject({ admitted: 2, format: 'ndjson' });
  });

  test.each([
    ['no-to-column', 'Phone,From,Body\n+15006000001,+15005550006,hi\n'],
    ['header-only', 'To,From,Body\n'],
    ['empty-file', ''],
  ])('a file that the ingestor refuses is refused: %s', async (code, content) => {
    await expect(plan(content)).rejects.toMatchObject({ fault: { code } });
  });

  test('a plan that cannot end well is not ok', async () => {
    const soon = '2026-11-22T12:00:10Z';
    const rows = good(30).replaceAll(',hi', `,hi,${soon}`);
    const report = await plan(`To,From,Body,ExpiresAt\n${rows}`);
    expect(report.problems.map(({ code }) => code)).toEqual(['expires-before-sent']);
    expect(report.ok).toBe(false);
    expect((await plan(`To,From,Body\n${bad}`)).problems.map(({ code }) => code)).toEqual(['nothing-admitted']);
  });

  test('the check of settings is what its schema says', () => {
    for (const result of [loadSettings(join(folder, 'paceline.yaml'), {}), loadSettings(join(folder, 'none.yaml'), {})]) {
      expect(errorsOf('settings-check', settingsReport('/somewhere/paceline.yaml', result))).toEqual([]);
    }
  });
});
