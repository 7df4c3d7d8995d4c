// Whoever asks, the answer is the same: the command line, one SQL query and one trace tell one story of a row. And a
// running system is steered: pause, resume and rate take hold without a restart.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { eventually, repositoryRoot } from '@paceline/testing';
import { Paceline, type StartResult } from './paceline-process.ts';

interface Inspection {
  readonly traceId: string;
  readonly timeline: readonly { readonly type: string; readonly what: string }[];
  readonly spans: readonly {
    readonly name: string;
    readonly service: string;
    readonly spanId: string;
    readonly parentSpanId: string | null;
  }[];
}

interface StatusRow {
  readonly batchId: string;
  readonly rows: number;
  readonly open: number;
  readonly accepted: number;
  readonly complete: boolean;
}

const rows = 40;
const file = (name: string): string =>
  [
    'To,From,Body,ExternalId',
    ...Array.from({ length: rows }, (_, i) => `+1500${6_100_000 + i},+15005550006,${name} ${i + 1},ext-${i + 1}`),
  ].join('\n');

describe('one story', () => {
  let paceline: Paceline;
  let run: Promise<StartResult>;

  beforeAll(async () => {
    paceline = await Paceline.create();
    run = paceline.start(['--file', paceline.write('story.csv', file('first'))]);
    await eventually('the stack is up', () => paceline.pidOf('ingestor') !== null, 120_000);
  });
  afterAll(() => paceline.dispose());

  const status = async (): Promise<readonly StatusRow[]> => {
    const { stdout } = await paceline.command('-o', 'json', 'status');
    return stdout.startsWith('{') ? (JSON.parse(stdout) as { rows: StatusRow[] }).rows : [];
  };
  const sql = async (query: string): Promise<readonly Record<string, string>[]> => {
    const answer = await fetch(`http://127.0.0.1:${paceline.portBase + 4}/?database=paceline&default_format=JSONEachRow`, {
      method: 'POST',
      body: query,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, string>);
  };
  const firstBatch = async (): Promise<StatusRow> => {
    let found: StatusRow | undefined;
    await eventually('the batch is complete', async () => (found = (await status())[0])?.complete === true, 120_000);
    return found as StatusRow;
  };

  it('of a row: its trace passes every hop, parent to child, and log and SQL say the same', async () => {
    const { batchId } = await firstBatch();
    let inspection: Inspection = { traceId: '', timeline: [], spans: [] };
    // Admission, slot, claim, response and end, each archived by itself and told by itself.
    const archivedEvents = 5;
    await eventually('the spans of every hop have arrived', async () => {
      const { stdout } = await paceline.command('-o', 'json', 'inspect', `${batchId}:7`);
      inspection = JSON.parse(stdout) as Inspection;
      const count = (wanted: string): number => inspection.spans.filter(({ name }) => name === wanted).length;
      return count('route') >= 1 && count('archive') >= archivedEvents;
    });
    const validate = new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync(`${repositoryRoot}docs/reference/schemas/inspect.schema.json`, 'utf8')) as object,
    );
    expect(validate(inspection) ? [] : validate.errors).toEqual([]);

    const byId = new Map(inspection.spans.map((span) => [span.spanId, span]));
    const pathOf = (name: string): string[] => {
      const path: string[] = [];
      for (let at = inspection.spans.findLast((span) => span.name === name); at !== undefined; at = byId.get(at.parentSpanId ?? ''))
        path.unshift(at.name);
      return path;
    };
    // A slot missed on a cold start is granted again: then the path is longer, never broken.
    const path = pathOf('route');
    expect(path.slice(0, 2)).toEqual(['read file', 'admit row']);
    expect(path.slice(-4)).toEqual(['grant slot', 'claim', 'POST /Messages', 'route']);

    const timeline =
      await sql(`SELECT event_type, sid, outcome FROM request_timeline WHERE batch_id = '${batchId}' AND row = 7 OR request_id IN
      (SELECT request_id FROM request_timeline WHERE batch_id = '${batchId}' AND row = 7) ORDER BY occurred_at, step`);
    expect(timeline.map(({ event_type }) => event_type)).toEqual(inspection.timeline.map(({ type }) => type));
    const [result] = await sql(`SELECT outcome, external_id, trace_id FROM results WHERE batch_id = '${batchId}' AND row = 7`);
    expect(result).toEqual({ outcome: 'accepted', external_id: 'ext-7', trace_id: inspection.traceId });
  });

  it('of results: every row of the file with its outcome, as CSV', async () => {
    const { batchId } = await firstBatch();
    const { stdout } = await paceline.command('-o', 'csv', 'results', batchId);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(rows + 1);
    expect(lines[0]).toMatch(/^row,line,request_id,external_id/);
  });

  it('of the same file again: nothing is sent a second time', async () => {
    const before = await status();
    await paceline.command('submit', paceline.write('again.csv', file('first')));
    await eventually('the duplicate was seen', async () =>
      (await paceline.command('events', '--topic', 'batches')).stdout.includes('DuplicateFileSeen'),
    );
    expect(await status()).toEqual(before);
  });

  it('of a pause: nothing is called until it is resumed', async () => {
    await paceline.command('pause', 'account:demo', '--reason', 'a spec');
    await paceline.command('submit', paceline.write('paused.csv', file('second')));
    await eventually('the rows wait', async () => (await status())[1]?.open === rows);
    const [waiting] = await sql(
      "SELECT count() AS n FROM events FINAL WHERE event_type = 'AttemptStarted' AND batch_id = (SELECT batch_id FROM batch_progress WHERE file = 'paused.csv')",
    );
    expect(Number(waiting?.['n'])).toBe(0);
    await paceline.command('rate', 'account:demo', '200');
    await paceline.command('resume', 'account:demo');
    await eventually('the rows are called', async () => (await status())[1]?.accepted === rows);
  });

  it('of the end: Ctrl-C stops everything that was started', async () => {
    await paceline.stop();
    await run;
    expect(paceline.runFile()?.processes.length).toBeGreaterThan(5);
    expect(paceline.survivors()).toEqual([]);
  });
});
