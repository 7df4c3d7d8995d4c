import { requestIdOf } from '@paceline/contracts';
import { ClickHouseEventBlocks } from './event-blocks.clickhouse.ts';
import { shippedMigrations, statementsOf } from './migrations.ts';
import { History, phone, sampleHistory } from './sample-batch.suite.ts';
import { recentMicros, SpecDatabase } from './spec-database.suite.ts';

const database = new SpecDatabase('views');
const batchId = 'b'.repeat(32);
const startMicros = recentMicros();

beforeAll(async () => {
  await database.prepare();
  const blocks = new ClickHouseEventBlocks(database.client);
  // Twice under different tokens: every total must hold although each fact is stored twice.
  await blocks.insertBlock(sampleHistory(batchId, startMicros).block(), '0|sample:0-70');
  await blocks.insertBlock(sampleHistory(batchId, startMicros).block(), '0|again:0-70');
});

afterAll(() => database.drop());

describe('views over one batch', () => {
  it('batch_progress: outcomes and open states add up to the rows', async () => {
    const [batch] = await database.ask<Record<string, number>>('SELECT * FROM batch_progress WHERE batch_id = {batchId:String}', {
      batchId,
    });
    expect(batch).toMatchObject({
      file: 'a.csv',
      source: 'drop',
      account: 'demo',
      rows: 13,
      is_read: 1,
      accepted: 2,
      rejected: 1,
      refused: 1,
      suppressed: 1,
      expired: 0,
      cancelled: 3,
      unknown: 1,
      open: 4,
      waiting: 1,
      granted: 1,
      in_flight: 1,
      answered: 1,
      conflicts: 0,
      balance: 0,
    });
  });

  it('batch_progress shows what is not archived yet', async () => {
    const other = 'c'.repeat(32);
    const late = new History(other, startMicros).admitted(1);
    late.add('BatchProgressed', { batchId: other, account: 'demo', rows: 3, admitted: 3, refused: 0 });
    await new ClickHouseEventBlocks(database.client).insertBlock(late.block(), '0|late:0-1');
    expect(
      await database.ask('SELECT rows, open, is_read, balance FROM batch_progress WHERE batch_id = {other:String}', { other }),
    ).toEqual([{ rows: 3, open: 1, is_read: 0, balance: 2 }]);
  });

  it('batch_progress takes no record that could not be decoded for a row', async () => {
    const other = 'd'.repeat(32);
    const letter = {
      service: 'pacer',
      sourceTopic: 'paceline.slots',
      sourcePartition: 0,
      sourceOffset: 1,
      reason: 'not Avro',
      key: null,
      value: null,
    };
    const lost = new History(other, startMicros).add('DeadLettered', { ...letter, headers: { batchId: other, requestId: 'lost' } });
    await new ClickHouseEventBlocks(database.client).insertBlock(lost.block(), '0|lost:0-0');
    expect(await database.ask('SELECT batch_id FROM batch_progress WHERE batch_id = {other:String}', { other })).toEqual([]);
  });

  it('results: one line per row, with what is personal as long as it is kept', async () => {
    const rows = await database.ask('SELECT * FROM results WHERE batch_id = {batchId:String} ORDER BY row', { batchId });
    expect(rows.map(({ row, outcome, reason, attempts }) => [row, outcome, reason, attempts])).toEqual([
      [1, 'accepted', 'accepted', 1],
      [2, 'rejected', 'twilio-rejected', 1],
      [3, 'accepted', 'accepted', 2],
      [4, 'refused', 'invalid-to', 0],
      [5, 'suppressed', 'suppressed-at-admission', 0],
      [6, 'unknown', 'answer-in-doubt', 1],
      [7, 'cancelled', 'cancelled', 0],
      [8, 'cancelled', 'cancelled', 0],
      [9, 'cancelled', 'cancelled', 0],
      [10, 'open', '', 0],
      [11, 'open', '', 0],
      [12, 'open', '', 1],
      [13, 'open', '', 1],
    ]);
    expect(rows[0]).toMatchObject({
      line: 2,
      external_id: 'order-1',
      sid: 'SM1',
      to: phone,
      answer: '{"status":"queued"}',
      to_masked: '+1********06',
    });
    expect(rows[3]).toMatchObject({ line: 5, uploaded: [phone, 'Hello'], detail: 'row 4: invalid-to' });
    expect(rows[8]).toMatchObject({ line: 10, external_id: 'order-9', request_id: requestIdOf(batchId, 9) });
  });

  it('request_timeline: everything about one request, in order, closings of many rows included', async () => {
    const timeline = (row: number) =>
      database.ask('SELECT event_type, attempt FROM request_timeline WHERE request_id = {id:String} ORDER BY occurred_at, step', {
        id: requestIdOf(batchId, row),
      });
    expect((await timeline(3)).map(({ event_type, attempt }) => `${String(event_type)} ${String(attempt)}`)).toEqual([
      'RequestAdmitted 1',
      'SlotGranted 1',
      'AttemptStarted 1',
      'ResponseRecorded 1',
      'RetryScheduled 2',
      'SlotGranted 2',
      'AttemptStarted 2',
      'ResponseRecorded 2',
      'RequestClosed 0',
    ]);
    expect((await timeline(8)).map(({ event_type }) => event_type)).toEqual(['RequestAdmitted', 'RowsClosed']);
    expect((await timeline(10)).map(({ event_type }) => event_type)).toEqual(['RequestAdmitted']);
  });

  it('doubts: the unknown outcomes with their evidence', async () => {
    expect(await database.ask('SELECT row, evidence, to_masked FROM doubts WHERE batch_id = {batchId:String}', { batchId })).toEqual([
      { row: 6, evidence: '{"reason":"timeout"}', to_masked: '+1********06' },
    ]);
  });

  it('responses_by_code and throttling count answers', async () => {
    const responses = await database.ask('SELECT class, http_status, code, responses FROM responses_by_code ORDER BY class');
    expect(responses).toEqual([
      { class: 'ACCEPTED', http_status: 201, code: null, responses: 3 },
      { class: 'IN_DOUBT', http_status: null, code: null, responses: 1 },
      { class: 'NOT_PROCESSED', http_status: 429, code: 20429, responses: 1 },
      { class: 'REJECTED', http_status: 400, code: 21211, responses: 1 },
    ]);
    expect(
      await database.ask('SELECT sum(responses) AS responses, sum(throttled) AS throttled, sum(retries) AS retries FROM throttling'),
    ).toEqual([{ responses: 6, throttled: 1, retries: 1 }]);
  });

  it('rate_per_second: configured, granted and called', async () => {
    const control = new History('', startMicros - 5_000_000);
    control.add('ControlSet', {
      entity: 'account:demo',
      aspect: 'rate',
      origin: 'operator',
      value: '50',
      reason: 'settings',
      by: 'settings',
    });
    await new ClickHouseEventBlocks(database.client).insertBlock(control.block(), '0|control:0-0');
    expect(
      await database.ask('SELECT sum(granted) AS granted, sum(called) AS called, any(configured) AS configured FROM rate_per_second'),
    ).toEqual([{ granted: 9, called: 6, configured: 50 }]);
  });

  it('slow_calls: how long each answer took', async () => {
    expect(await database.ask('SELECT max(duration_ms) AS longest, count() AS calls FROM slow_calls')).toEqual([{ longest: 81, calls: 6 }]);
  });

  it('suppressions_current: the last word per key, expired and lifted ones gone', async () => {
    const base = { channel: 'sms', scope: '*', origin: 'operator', reason: 'asked', expiresAt: null, lifted: false, by: 'ann', asOf: null };
    const set = new History('', startMicros)
      .add('SuppressionSet', { ...base, contact: 'kept' })
      .add('SuppressionSet', { ...base, contact: 'lifted' })
      .add('SuppressionSet', { ...base, contact: 'lifted', lifted: true })
      .add('SuppressionSet', { ...base, contact: 'expired', expiresAt: startMicros });
    await new ClickHouseEventBlocks(database.client).insertBlock(set.block(), '0|suppressions:0-3');
    expect(await database.ask('SELECT contact, channel, detail, set_by FROM suppressions_current')).toEqual([
      { contact: 'kept', channel: 'sms', detail: 'asked', set_by: 'ann' },
    ]);
  });

  it('suppressions_current: a lift holds against what is older and written later; strikes are one when they are enough', async () => {
    const answer = { channel: 'sms', scope: '*', reason: '', expiresAt: null, lifted: false, by: '', asOf: null };
    const lift = { ...answer, channel: '*', origin: '*', lifted: true };
    const strike = { ...answer, expiresAt: startMicros + 86_400_000_000 };
    const set = new History('', startMicros + 1_000_000)
      .add('SuppressionSet', { ...lift, contact: 'late-fact' })
      .add('SuppressionSet', { ...answer, contact: 'late-fact', origin: 'code:30006', asOf: startMicros })
      .add('SuppressionSet', { ...lift, contact: 'new-fact' })
      .add('SuppressionSet', { ...answer, contact: 'new-fact', origin: 'code:30006' })
      .add('SuppressionSet', { ...answer, contact: 'opted-in', origin: 'consent' })
      .add('SuppressionSet', { ...answer, contact: 'opted-in', origin: 'code:21614' })
      .add('SuppressionSet', { ...lift, contact: 'opted-in', channel: 'sms', origin: 'opt-in' })
      .add('SuppressionSet', { ...strike, contact: 'struck-out', origin: 'strike:30005:2:r1' })
      .add('SuppressionSet', { ...strike, contact: 'struck-out', origin: 'strike:30005:2:r2' })
      .add('SuppressionSet', { ...strike, contact: 'struck-once', origin: 'strike:30005:2:r3' });
    await new ClickHouseEventBlocks(database.client).insertBlock(set.block(), '0|lifts:0-9');
    expect(await database.ask("SELECT contact, origin FROM suppressions_current WHERE contact != 'kept' ORDER BY contact")).toEqual([
      { contact: 'new-fact', origin: 'code:30006' },
      { contact: 'opted-in', origin: 'code:21614' },
      { contact: 'struck-out', origin: 'strike:30005' },
    ]);
  });

  it('dead_letters: where the record stood, and the record itself in the personal table', async () => {
    const letter = new History('', startMicros).add('DeadLettered', {
      service: 'pacer',
      sourceTopic: 'paceline.requests',
      sourcePartition: 1,
      sourceOffset: 12,
      reason: 'not Avro',
      key: null,
      value: Buffer.from([1, 2]),
      headers: {},
    });
    await new ClickHouseEventBlocks(database.client).insertBlock(letter.block(), '0|letters:0-0');
    expect(
      await database.ask(
        'SELECT service, source_topic, source_partition, source_offset, detail FROM dead_letters WHERE source_offset = 12',
      ),
    ).toEqual([{ service: 'pacer', source_topic: 'paceline.requests', source_partition: 1, source_offset: 12, detail: 'not Avro' }]);
    expect(await database.ask("SELECT content FROM personal WHERE kind = 'raw' AND batch_id = ''")).toEqual([
      { content: '{"key":null,"value":"AQI="}' },
    ]);
  });

  it('the example query of every view runs', async () => {
    const views = shippedMigrations().flatMap(({ sql }) =>
      statementsOf(sql).filter((statement) => statement.includes('CREATE OR REPLACE VIEW')),
    );
    expect(views.length).toBeGreaterThanOrEqual(11);
    for (const view of views) await database.ask(/^-- (SELECT .*)$/m.exec(view)?.[1] ?? `no example: ${view.slice(0, 80)}`);
  });
});
