import { schemas, type EventName } from '@paceline/contracts';
import fc from 'fast-check';
import { rowsOf, rowsOfRaw } from './archive.ts';
import type { EventRow } from './rows.ts';
import { sampleEvents, sampleRecord } from './sample-events.suite.ts';

const bytes = (text: string) => Buffer.from(text);
const samples = sampleEvents({ phone: '+15005550006', body: 'See you at eight', bytes });
const rowOf = (name: EventName): EventRow => rowsOf(sampleRecord(samples[name])).event;
const at = 1_795_000_000_123_456;
const request = {
  batch_id: 'batch-1',
  request_id: 'request-1',
  account: 'demo',
  api: 'messages',
  lane: 'messages:0a1b2c3d4e5f',
  row: 7,
  line: 9,
  priority: 1,
  external_id: 'order-7',
  contact: 'c'.repeat(32),
  to_masked: '+1********06',
};

const expected: { readonly [N in EventName]: Partial<EventRow> } = {
  FileFound: { account: 'demo', source: 'drop', file: 'list-+1********06.csv' },
  BatchAdmitted: { batch_id: 'batch-1', account: 'demo', source: 'drop', file: 'a.csv' },
  BatchProgressed: { batch_id: 'batch-1', rows: 10, admitted: 8, refused: 2 },
  BatchRead: { batch_id: 'batch-1', rows: 10, admitted: 8, refused: 2, segments: 12 },
  BatchRefused: { batch_id: 'batch-1', reason: 'broken-quotes', detail: 'line 3: +1********06', line: 3 },
  DuplicateFileSeen: { batch_id: 'batch-1', file: 'b.csv' },
  RowsClosed: { batch_id: 'batch-1', outcome: 'cancelled', reason: 'cancelled', range_from: [1, 9], range_to: [3, 9] },
  ResendRequested: { batch_id: 'batch-1', detail: 'asked by +1********06' },
  ResendPlanned: { batch_id: 'batch-2', account: 'demo', range_from: [2], range_to: [5] },
  RequestAdmitted: { ...request, attempt: 1, cost: 2, expires_at: at + 1 },
  RequestCarried: { ...request, attempt: 2, throttles: 2, not_before: at + 5 },
  RetryScheduled: { ...request, attempt: 2, throttles: 2, not_before: at + 5, reason: 'throttled' },
  SlotGranted: { ...request, attempt: 1, slot_at: at + 9, number: 41, era: 3, cost: 2 },
  SlotReturned: { ...request, attempt: 1, slot_at: at + 9, number: 41, reason: 'late' },
  AttemptStarted: { ...request, attempt: 1, slot_at: at + 9, number: 41, deadline: at + 20, sender: 'sender-1' },
  ResponseRecorded: {
    batch_id: 'batch-1',
    request_id: 'request-1',
    attempt: 1,
    class: 'REJECTED',
    reason: 'answered',
    http_status: 400,
    code: 21211,
    sid: `SM${'1'.repeat(32)}`,
    detail: "The 'To' number +1********06 is not valid",
    retry_after_ms: 1500,
    called_at: at + 10,
    answered_at: at + 90,
  },
  RequestClosed: {
    batch_id: 'batch-1',
    request_id: 'request-1',
    row: 7,
    outcome: 'unknown',
    reason: 'answer-in-doubt',
    attempts: 1,
    http_status: 500,
    code: null,
    rule_version: '2026-11-1',
    evidence: `{"calledAt":${at},"saw":"+1********06"}`,
    external_id: 'order-7',
  },
  RequestRefused: {
    batch_id: 'batch-1',
    request_id: 'request-1',
    row: 7,
    line: 9,
    outcome: 'refused',
    reason: 'invalid-to',
    external_id: 'order-7',
  },
  ControlSet: { account: 'demo', detail: 'asked by +1********06' },
  SuppressionSet: { contact: 'c'.repeat(32), detail: '+1********06 asked', expires_at: at + 1 },
  SenderGauged: { account: 'demo', sender: 'sender-1' },
  CodesCounted: { account: 'demo' },
  PacerGauged: { account: 'demo' },
  AlertRaised: { account: 'demo', reason: 'throttling', detail: 'of +1********06' },
  AlertCleared: { account: '', reason: 'dead-letters', detail: 'over' },
  DeadLettered: { batch_id: 'batch-1', request_id: 'request-1', detail: 'not +1********06' },
};

describe('an event becomes one row', () => {
  it.each(Object.keys(schemas) as EventName[])('%s has its own columns', (name) => {
    expect(rowOf(name)).toMatchObject({
      ...expected[name],
      topic: 'paceline.requests',
      partition: 1,
      offset: 5,
      event_type: name,
      event_id: samples[name].data.meta.eventId,
      causation_id: 'cause-1',
      occurred_at: at,
      trace_id: '0af7651916cd43dd8448eb211c80319c',
    });
  });

  it('keeps what has no column as JSON, numbers untouched', () => {
    expect(JSON.parse(rowOf('ResponseRecorded').payload)).toEqual({
      bytesWritten: 123_456_789,
      twilioRequestId: 'RQ1',
      concurrentRequests: 4,
    });
    expect(JSON.parse(rowOf('ControlSet').payload)).toMatchObject({
      entity: 'account:demo',
      aspect: 'rate',
      origin: 'operator',
      value: '50',
    });
  });

  it('counts a row suppressed at admission as suppressed, not as refused', () => {
    const { data } = samples.RequestRefused;
    const refused = { type: 'RequestRefused', data: { ...data, code: 'suppressed-at-admission' } } as const;
    expect(rowsOf(sampleRecord(refused)).event.outcome).toBe('suppressed');
  });
});

describe('what is personal has one place', () => {
  it('a request keeps its number and parameters in the personal row only', () => {
    expect(rowsOf(sampleRecord(samples.RequestAdmitted)).personal).toEqual({
      batch_id: 'batch-1',
      request_id: 'request-1',
      event_id: samples.RequestAdmitted.data.meta.eventId,
      occurred_at: at,
      kind: 'request',
      contact: 'c'.repeat(32),
      to: '+15005550006',
      params: '[["From","+15005550006"],["Body","See you at eight"]]',
    });
  });

  it('a refused row keeps what was uploaded, an answer its fields', () => {
    expect(rowsOf(sampleRecord(samples.RequestRefused)).personal).toMatchObject({
      kind: 'uploaded',
      uploaded: ['+15005550006', 'See you at eight'],
    });
    expect(rowsOf(sampleRecord(samples.RequestClosed)).personal).toMatchObject({ kind: 'answer', content: '{"body":"See you at eight"}' });
    expect(rowsOf(sampleRecord(samples.ResponseRecorded)).personal?.kind).toBe('response');
  });

  it('no event row of any type holds a phone number or a body', () => {
    const phone = fc.stringMatching(/^\+[1-9][0-9]{9,13}$/);
    const body = fc.stringMatching(/^body [a-z]{12,30}$/);
    fc.assert(
      fc.property(phone, body, (number, text) => {
        for (const sample of Object.values(sampleEvents({ phone: number, body: text, bytes }))) {
          const row = JSON.stringify(rowsOf(sampleRecord(sample)).event);
          expect(row).not.toContain(number.slice(1));
          expect(row).not.toContain(text);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a record without an event', () => {
  const raw = {
    topic: 'paceline.requests' as const,
    partition: 2,
    offset: 8,
    headers: { batchId: 'batch-1', requestId: 'request-1', attempt: '2' },
    timestampMs: 1_795_000_000_123,
    reason: 'schema id 9 is unknown near +15005550006',
    rawKey: Buffer.from('demo'),
    rawValue: Buffer.from([1, 2]),
  };

  it('is a poison row of its batch and request, with the raw record in the personal table', () => {
    const { event, personal } = rowsOfRaw(raw);
    expect(event).toMatchObject({
      event_type: 'poison',
      batch_id: 'batch-1',
      request_id: 'request-1',
      attempt: 2,
      offset: 8,
      occurred_at: 1_795_000_000_123_000,
      detail: 'schema id 9 is unknown near +1********06',
    });
    expect(personal).toMatchObject({ kind: 'raw', content: '{"key":"ZGVtbw==","value":"AQI="}' });
  });

  it('has the same rows whenever it is read again', () => {
    expect(rowsOfRaw(raw)).toEqual(rowsOfRaw({ ...raw }));
    expect(rowsOfRaw({ ...raw, offset: 9 }).event.event_id).not.toBe(rowsOfRaw(raw).event.event_id);
  });

  it('is a tombstone when it has no value at all', () => {
    const { event, personal } = rowsOfRaw({ ...raw, rawValue: null });
    expect(event).toMatchObject({ event_type: 'tombstone', batch_id: 'batch-1' });
    expect(personal).toBeNull();
  });
});
