// One file with rows of all five APIs, good and bad, from the drop to SQL: each row's outcome is the one that its answer
// means, and the command line tells the same of it as the `results` view.
import { eventually } from '@paceline/testing';
import { Paceline, type StartResult } from './paceline-process.ts';

interface Expected {
  readonly api: string;
  readonly outcome: string;
  readonly reason: string;
  readonly code?: string;
  /** How its SID begins; none when Twilio made nothing, or has none for it. */
  readonly sid?: string;
  /** Calls that reach Twilio; 1 when it is not said. */
  readonly calls?: number;
}

interface Case {
  readonly row: Readonly<Record<string, string>>;
  readonly expected: Expected;
  /** What the simulator does to calls of this row's number. */
  readonly fault?: object;
}

const From = '+15005550006';
const ServiceSid = `VA${'1'.repeat(32)}`;
const FlowSid = `FW${'1'.repeat(32)}`;
const accepted = { outcome: 'accepted', reason: 'accepted' } as const;
const rejected = { outcome: 'rejected', reason: 'twilio-rejected' } as const;
const once = (action: object): object => ({ action, count: 1 });
const to = (n: number): string => `+1500640000${n}`;

const cases: readonly Case[] = [
  { row: { Api: 'messages', To: to(1), From, Body: 'hello' }, expected: { api: 'messages', ...accepted, sid: 'SM' } },
  { row: { Api: 'messages', To: '+15005550004', From, Body: 'no' }, expected: { api: 'messages', ...rejected, code: '21610' } },
  {
    row: { Api: 'messages', To: to(2), From, Body: 'later' },
    expected: { api: 'messages', ...accepted, sid: 'SM', calls: 2 },
    fault: once({ type: 'code', code: 20429, retryAfter: { form: 'seconds', seconds: 1 } }),
  },
  { row: { Api: 'calls', To: to(3), From, Url: 'https://example.test/v' }, expected: { api: 'calls', ...accepted, sid: 'CA' } },
  {
    row: { Api: 'calls', To: '+15005550002', From, Url: 'https://example.test/v' },
    expected: { api: 'calls', ...rejected, code: '21214' },
  },
  { row: { Api: 'verify', To: to(4), ServiceSid, Channel: 'sms' }, expected: { api: 'verify', ...accepted, sid: 'VE' } },
  {
    row: { Api: 'verify', To: to(5), ServiceSid, Channel: 'sms' },
    expected: { api: 'verify', ...rejected, code: '60205' },
    fault: { action: { type: 'code', code: 60205 } },
  },
  { row: { Api: 'lookup', To: to(6), Fields: 'line_type_intelligence' }, expected: { api: 'lookup', ...accepted } },
  {
    row: { Api: 'lookup', To: to(7) },
    expected: { api: 'lookup', ...accepted, calls: 2 },
    fault: once({ type: 'code', code: 20503 }),
  },
  { row: { Api: 'studio', To: to(8), From, FlowSid, Parameters: '{"a":1}' }, expected: { api: 'studio', ...accepted, sid: 'FN' } },
  {
    row: { Api: 'studio', To: to(9), From, FlowSid },
    expected: { api: 'studio', outcome: 'unknown', reason: 'answer-in-doubt', code: '20500' },
    fault: { action: { type: 'code', code: 20500, when: 'after' } },
  },
];

/** A row that no API takes is refused at the door: Twilio never hears of it. */
const strange = { Api: 'fax', To: to(1) };
const rules = cases.flatMap(({ row, fault }) => (fault === undefined ? [] : [{ match: { toSuffix: row['To'] }, ...fault }]));

/** Rows that are called a second time. */
const twice = cases.flatMap(({ expected }, n) => (expected.calls === 2 ? [n + 1] : []));

type Line = Readonly<Record<string, string | null>>;

describe('one file with rows of all five APIs', () => {
  let paceline: Paceline;
  let run: Promise<StartResult>;

  beforeAll(async () => {
    paceline = await Paceline.create();
    const file = [...cases.map(({ row }) => row), strange].map((row) => JSON.stringify(row)).join('\n');
    run = paceline.start(['--file', paceline.write('five.ndjson', `${file}\n`)], { SIMULATOR_FAULTS: JSON.stringify(rules) });
    await eventually(
      'the batch is complete and archived',
      async () => Number((await progress())?.['accounted'] ?? 0) > cases.length,
      240_000,
    );
  });
  afterAll(async () => {
    await paceline.stop();
    await run;
    await paceline.dispose();
  });

  async function sql(query: string): Promise<readonly Line[]> {
    const url = `http://127.0.0.1:${paceline.portBase + 4}/?database=paceline&default_format=JSONEachRow&output_format_json_quote_64bit_integers=1`;
    const answer = await fetch(url, { method: 'POST', body: query }).catch(() => null);
    if (answer?.ok !== true) return [];
    const lines = (await answer.text()).split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Line);
  }

  const progress = async (): Promise<Line | undefined> =>
    (
      await sql(
        'SELECT batch_id, toString(accepted + rejected + refused + unknown) AS accounted, toString(balance) AS balance FROM batch_progress',
      )
    )[0];

  it('ends each row by what its answer means, in SQL', async () => {
    const wanted = cases.map(({ expected: { api, outcome, reason, code = null, sid = '', calls = 1 } }, n) => ({
      row: String(n + 1),
      ...{ api, outcome, reason, code, sid },
      // A slot that was missed is granted again as another attempt; Twilio hears nothing of it.
      attempted: String(calls),
    }));
    const found = await sql(`SELECT toString(row) AS row, api, outcome, reason, toString(code) AS code, left(ifNull(sid, ''), 2) AS sid,
      toString(least(attempts, if(row IN (${twice.join(', ')}), 2, 1))) AS attempted FROM results ORDER BY results.row`);
    expect(found.slice(0, cases.length)).toEqual(wanted);
    expect(found.slice(cases.length)).toMatchObject([{ outcome: 'refused', reason: 'unknown-api' }]);
    expect(await progress()).toMatchObject({ balance: '0' });
  });

  it('and tells the same story of a row of each API', async () => {
    const batch = (await progress())?.['batch_id'] ?? '';
    for (const row of [3, 5, 7, 9, 11]) {
      const { stdout } = await paceline.command('-o', 'json', 'inspect', `${batch}:${row}`);
      const { timeline } = JSON.parse(stdout) as { timeline: readonly { type: string; what: string }[] };
      const told = timeline.filter(({ type }) => type !== 'SlotGranted' && type !== 'SlotReturned').map(({ type }) => type);
      expect({ row, told: told.join(' ') }).toEqual({
        row,
        told: expect.stringMatching(
          /^RequestAdmitted (AttemptStarted ResponseRecorded RetryScheduled )*AttemptStarted ResponseRecorded RequestClosed( SuppressionSet)?$/,
        ),
      });
      const again = timeline.filter(({ type, what }) => type === 'RetryScheduled' && !what.includes(': gate,'));
      expect({ row, again: again.length }).toEqual({ row, again: (cases[row - 1]?.expected.calls ?? 1) - 1 });
    }
  });

  it('with each row called as often as it had to be, and no oftener', async () => {
    const answer = await fetch(`http://127.0.0.1:${paceline.portBase}/_sim/summary`);
    const { requests, accepted: processed } = (await answer.json()) as { requests: number; accepted: number };
    expect({ requests, processed }).toEqual({
      requests: cases.reduce((sum, { expected }) => sum + (expected.calls ?? 1), 0),
      processed: cases.filter(({ expected }) => expected.outcome === 'accepted' || expected.outcome === 'unknown').length,
    });
  });
});
