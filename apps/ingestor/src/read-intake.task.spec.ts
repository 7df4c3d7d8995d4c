import { hashId } from '@paceline/contracts';
import type { PoisonRecord } from '@paceline/pipeline';
import { IngestBench, limits } from './ingest-bench.suite.ts';
import { ReadIntakeTask } from './read-intake.task.ts';
import { RecordingLog } from './recording-log.suite.ts';

let bench: IngestBench;
let log: RecordingLog;

beforeEach(async () => {
  bench = await IngestBench.open({ source: { limits: { ...limits, chunkRows: 3 } } });
  log = new RecordingLog();
});
afterEach(() => bench.close());

const record = (offset: number, value: unknown): PoisonRecord => ({
  kind: 'poison',
  topic: 'paceline.intake',
  partition: 1,
  offset,
  key: null,
  headers: {},
  timestampMs: 0,
  reason: 'raw',
  rawKey: Buffer.from('k'),
  rawValue: value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
});
const message = { To: '+15005550001', From: '+15005550006', Body: 'x' };
const deliver = (records: readonly PoisonRecord[], nextOffset: number): Promise<void> =>
  new ReadIntakeTask(log.open(), bench.deps).handle({ topic: 'paceline.intake', partition: 1, records, nextOffset });

describe('the intake topic', () => {
  it('makes each stretch a batch and each record a row, committed with the position after it', async () => {
    await deliver([record(10, message), record(11, { ...message, ExternalId: 'e' }), record(13, message), record(14, message)], 16);
    expect(log.transactions.map(({ offsets }) => offsets?.[0]?.offset)).toEqual([14, 16]);
    expect(log.of('BatchAdmitted')).toMatchObject([
      {
        batchId: hashId('intake', 1, 10),
        location: 'kafka://paceline.intake/1/10-13',
        source: 'intake',
        columns: ['To', 'From', 'Body', 'ExternalId'],
      },
      { batchId: hashId('intake', 1, 14), location: 'kafka://paceline.intake/1/14-14' },
    ]);
    expect(log.of('RequestAdmitted').map(({ request: { row, line } }) => [row, line])).toEqual([
      [1, 1],
      [2, 2],
      [3, 4],
      [1, 1],
    ]);
    expect(log.of('BatchRead')).toMatchObject([
      { rows: 3, complete: true },
      { rows: 1, complete: true },
    ]);
  });

  it('refuses what is no row and goes on', async () => {
    await deliver([record(0, '{oops'), record(1, [1]), record(2, null), record(3, message)], 4);
    expect(log.of('RequestRefused').map(({ row, code }) => [row, code])).toEqual([
      [1, 'row-shape'],
      [2, 'not-an-object'],
      [3, 'row-shape'],
    ]);
    expect(log.of('RequestAdmitted')).toHaveLength(1);
    expect(log.offset).toBe(4);
  });

  it('moves past a stretch without records', async () => {
    await deliver([], 9);
    expect(log.outputs).toEqual([]);
    expect(log.offset).toBe(9);
  });
});
