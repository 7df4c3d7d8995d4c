// Rows that Twilio refused are called again by one command; asked for twice, and while the first run goes on, each is
// called again once, by the ledger of whoever was called.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { eventually, repositoryRoot } from '@paceline/testing';
import { Paceline, type StartResult } from './paceline-process.ts';
import { productSettings } from './product-settings.ts';

interface StatusRow {
  readonly batchId: string;
  readonly rows: number;
  readonly open: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly complete: boolean;
}

interface Resent {
  readonly batchId: string;
  readonly resendBatchId: string | null;
  readonly rows: number;
  readonly planned: number | null;
}

interface LedgerLine {
  readonly method?: string;
  readonly params?: Readonly<Record<string, string>>;
}

const good = 30;
const bad = 10;
/** One of Twilio's magic numbers: every call to it is rejected with 21612, and nothing else follows from that. */
const rejectedTo = '+15005550002';

const file = [
  'To,From,Body,ExternalId',
  ...Array.from({ length: good }, (_, i) => `+1500${6_200_000 + i},+15005550006,good ${i},good-${i}`),
  ...Array.from({ length: bad }, (_, i) => `${rejectedTo},+15005550006,bad ${i},bad-${i}`),
].join('\n');

describe('resend', () => {
  let paceline: Paceline;
  let settings: string;
  let run: Promise<StartResult>;

  beforeAll(async () => {
    paceline = await Paceline.create();
    settings = paceline.write('paceline.yaml', productSettings(paceline.portBase, { callsPerSecond: 50 }));
    run = paceline.start(['--settings', settings, '--file', paceline.write('rows.csv', file)]);
    await eventually('the stack is up', () => paceline.pidOf('ingestor') !== null, 120_000);
  });
  afterAll(() => paceline.dispose());

  const status = async (): Promise<readonly StatusRow[]> => {
    const { stdout } = await paceline.command('-o', 'json', 'status');
    return stdout.startsWith('{') ? (JSON.parse(stdout) as { rows: StatusRow[] }).rows : [];
  };
  const complete = async (batches: number): Promise<readonly StatusRow[]> => {
    let rows: readonly StatusRow[] = [];
    await eventually(
      'every batch is complete',
      async () => {
        rows = await status();
        return rows.length >= batches && rows.every((row) => row.complete);
      },
      120_000,
    );
    return rows;
  };
  const resend = async (...args: string[]): Promise<{ code: number; report: Resent; stderr: string }> => {
    const { code, stdout, stderr } = await paceline.command('--settings', settings, '-o', 'json', 'resend', ...args);
    return { code, stderr, report: JSON.parse(stdout === '' ? '{}' : stdout) as Resent };
  };
  /** Calls by their body, as the simulator received them. */
  const calls = async (): Promise<Map<string, number>> => {
    const answer = await fetch(`http://127.0.0.1:${paceline.portBase}/ledger?since=0`);
    const counts = new Map<string, number>();
    for (const line of (await answer.text()).split('\n').filter(Boolean)) {
      const { method, params } = JSON.parse(line) as LedgerLine;
      const body = params?.['Body'];
      if (method === 'POST' && body !== undefined) counts.set(body, (counts.get(body) ?? 0) + 1);
    }
    return counts;
  };
  const callsOf = (counts: ReadonlyMap<string, number>, name: string): number[] =>
    [...counts].filter(([body]) => body.startsWith(name)).map(([, n]) => n);

  it('is first a preview, and nothing is sent', async () => {
    const [batch] = await complete(1);
    expect(batch).toMatchObject({ rows: good + bad, accepted: good, rejected: bad });
    const { code, report, stderr } = await resend(batch?.batchId ?? '', '--outcome', 'rejected');
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'nothing is sent yet: say --yes to do so\n' });
    expect(report).toMatchObject({ rows: bad, planned: null, resendBatchId: null });
    const schema = JSON.parse(readFileSync(`${repositoryRoot}docs/reference/schemas/resend.schema.json`, 'utf8')) as object;
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    expect(validate(report) ? [] : validate.errors).toEqual([]);
    expect(callsOf(await calls(), 'bad')).toEqual(Array.from({ length: bad }, () => 1));
  });

  it('never takes rows that Twilio accepted', async () => {
    const [batch] = await status();
    const { code, stderr } = await resend(batch?.batchId ?? '', '--outcome', 'accepted', '--yes');
    expect(code).toBe(2);
    expect(stderr).toMatch(/would make each of them twice/);
  });

  it('asked for three times at once, and killed in between, calls each row again once', async () => {
    const [batch] = await status();
    const batchId = batch?.batchId ?? '';
    await paceline.command('--settings', settings, 'pause', 'account:demo', '--reason', 'a spec');
    const asked = [resend(batchId, '--outcome', 'rejected', '--yes'), resend(batchId, '--outcome', 'rejected', '--yes')];
    await Promise.race(asked);
    process.kill(paceline.pidOf('ingestor') ?? 0, 'SIGKILL');
    const answers = await Promise.all([...asked, resend(batchId, '--outcome', 'rejected', '--yes')]);
    expect(answers.filter(({ report }) => report.planned === bad)).toHaveLength(1);
    await paceline.command('--settings', settings, 'resume', 'account:demo');
    const rows = await complete(2);
    const resent = rows.filter((row) => row.batchId !== batchId && row.rows > 0);
    expect(resent).toMatchObject([{ rows: bad, rejected: bad, open: 0 }]);
    const counts = await calls();
    expect(callsOf(counts, 'bad')).toEqual(Array.from({ length: bad }, () => 2));
    expect(callsOf(counts, 'good')).toEqual(Array.from({ length: good }, () => 1));
  });

  it('shows the chain of a row both ways', async () => {
    const rows = await status();
    const [original] = rows;
    const resent = rows.find((row) => row.batchId !== original?.batchId && row.rows > 0);
    for (const asked of [`${original?.batchId ?? ''}:${good + 1}`, `${resent?.batchId ?? ''}:1`]) {
      const { stdout } = await paceline.command('-o', 'json', 'inspect', asked);
      const { resends } = JSON.parse(stdout) as { resends: readonly { batchId: string; row: number; outcome: string; code: number }[] };
      expect(resends).toMatchObject([
        { batchId: original?.batchId, row: good + 1, outcome: 'rejected', code: 21612 },
        { batchId: resent?.batchId, row: 1, outcome: 'rejected', code: 21612 },
      ]);
    }
  });

  it('is a batch like any other: the log and ClickHouse count the same', async () => {
    const resent = (await status()).find((row) => row.rows === bad);
    let report = { batches: [] as readonly { balanced: boolean; outcomes: object }[], clickhouse: {} as { outcomes?: object } | null };
    await eventually('ClickHouse has every row', async () => {
      const { stdout } = await paceline.command('--settings', settings, 'report', resent?.batchId ?? '');
      report = JSON.parse(stdout) as typeof report;
      return (report.clickhouse as { rows?: number } | null)?.rows === bad;
    });
    expect(report.batches).toMatchObject([{ balanced: true, outcomes: { rejected: bad } }]);
    expect(report.clickhouse?.outcomes).toEqual(report.batches[0]?.outcomes);
  });

  it('ends with everything it started', async () => {
    await paceline.stop();
    await run;
    expect(paceline.survivors()).toEqual([]);
  });
});
