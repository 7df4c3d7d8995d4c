import {
  attemptIdOf,
  event,
  hashId,
  metaOf,
  requestIdOf,
  type Event,
  type EventName,
  type EventTypes,
  type Request,
  type TopicName,
} from '@paceline/contracts';
import { rowsOf, type Block, type PersonalRow } from '@paceline/domain/archiving';

export const phone = '+15005550006';

/** Which topic holds an event; only what the sample needs. */
const topicOf: Partial<Record<EventName, TopicName>> = {
  BatchAdmitted: 'paceline.batches',
  BatchRead: 'paceline.batches',
  RowsClosed: 'paceline.batches',
  RequestRefused: 'paceline.refusals',
  RequestAdmitted: 'paceline.requests',
  RetryScheduled: 'paceline.requests',
  SlotReturned: 'paceline.requests',
  SlotGranted: 'paceline.slots',
  AttemptStarted: 'paceline.attempts',
  ResponseRecorded: 'paceline.responses',
  RequestClosed: 'paceline.outcomes',
  ControlSet: 'paceline.controls',
  SuppressionSet: 'paceline.suppressions',
  DeadLettered: 'paceline.dead-letters',
  DuplicateFileSeen: 'paceline.batches',
};

type Answer = Partial<EventTypes['ResponseRecorded']>;
type Close = Partial<EventTypes['RequestClosed']>;

/** Writes the history of one batch, one call per thing that happened; time goes on by a millisecond with each. */
export class History {
  readonly events: Event[] = [];
  #now: number;
  #number = 0;

  constructor(
    readonly batchId: string,
    startMicros: number,
  ) {
    this.#now = startMicros;
  }

  get now(): number {
    return this.#now;
  }

  add<N extends EventName>(type: N, data: Omit<EventTypes[N], 'meta'>): this {
    this.#now += 1_000;
    const meta = metaOf(type, { natural: [this.batchId, this.#now], at: this.#now, correlationId: this.batchId });
    this.events.push(event(type, { meta, ...data } as unknown as EventTypes[N]));
    return this;
  }

  admitted(row: number): this {
    return this.add('RequestAdmitted', { request: this.request(row) });
  }

  granted(row: number, attempt = 1): this {
    this.#number += 1;
    const slot = { slotAt: this.#now + 500, number: this.#number, era: 1, cost: 1 };
    return this.add('SlotGranted', { request: this.request(row), attempt, backoff, ...slot });
  }

  returned(row: number): this {
    return this.add('SlotReturned', {
      request: this.request(row),
      attempt: 1,
      backoff,
      reason: 'late',
      slotAt: this.#now,
      number: this.#number,
    });
  }

  claimed(row: number, attempt = 1): this {
    const request = this.request(row);
    const slot = { slotAt: this.#now, number: this.#number, deadline: this.#now + 20_000 };
    return this.add('AttemptStarted', {
      attemptId: attemptIdOf(request.requestId, attempt),
      request,
      attempt,
      backoff,
      ...slot,
      sender: 'sender-1',
    });
  }

  answered(row: number, attempt: number, answer: Answer): this {
    const requestId = requestIdOf(this.batchId, row);
    return this.add('ResponseRecorded', {
      attemptId: attemptIdOf(requestId, attempt),
      requestId,
      batchId: this.batchId,
      account: 'demo',
      attempt,
      class: 'ACCEPTED',
      reason: 'answered',
      httpStatus: 201,
      code: null,
      sid: null,
      message: null,
      retryAfterMs: null,
      calledAt: this.#now,
      answeredAt: this.#now + 81_000,
      bytesWritten: 400,
      twilioRequestId: null,
      concurrentRequests: null,
      resource: null,
      sender: 'sender-1',
      ...answer,
    });
  }

  retried(row: number): this {
    const request = this.request(row);
    const previous = attemptIdOf(request.requestId, 1);
    return this.add('RetryScheduled', {
      request,
      attempt: 2,
      backoff: { throttles: 1, since: this.#now },
      notBefore: this.#now + 1,
      reason: 'throttled',
      previous,
      ruleVersion: '1',
    });
  }

  closed(row: number, close: Close): this {
    return this.add('RequestClosed', {
      requestId: requestIdOf(this.batchId, row),
      batchId: this.batchId,
      account: 'demo',
      row,
      api: 'messages',
      outcome: 'accepted',
      reason: 'accepted',
      attempts: 1,
      httpStatus: 201,
      code: null,
      sid: null,
      calledAt: this.#now,
      ruleVersion: '1',
      evidence: null,
      externalId: `order-${row}`,
      fields: null,
      ...close,
    });
  }

  refused(row: number, code: string): this {
    const requestId = requestIdOf(this.batchId, row);
    return this.add('RequestRefused', {
      batchId: this.batchId,
      account: 'demo',
      requestId,
      row,
      line: row + 1,
      column: 'To',
      code,
      reason: `row ${row}: ${code}`,
      externalId: null,
      uploaded: [phone, 'Hello'],
    });
  }

  request(row: number): Request {
    return {
      requestId: requestIdOf(this.batchId, row),
      batchId: this.batchId,
      account: 'demo',
      api: 'messages',
      lane: 'messages:0a1b2c3d4e5f',
      row,
      line: row + 1,
      cost: 1,
      priority: 0,
      notBefore: null,
      expiresAt: null,
      timeZone: null,
      externalId: `order-${row}`,
      contact: hashId('contact', row),
      sender: '',
      parent: null,
      personal: { to: phone, params: [{ name: 'Body', value: 'Hello' }] },
    };
  }

  block(): Block {
    const rows = this.events.map((each, offset) =>
      rowsOf({ topic: topicOf[each.type] ?? 'paceline.signals', partition: 0, offset, headers: {}, event: each }),
    );
    return {
      events: rows.map((row) => row.event),
      personal: rows.map((row) => row.personal).filter((row): row is PersonalRow => row !== null),
    };
  }
}

const backoff = { throttles: 0, since: null };

/** Thirteen rows, one or more of each fate. */
export function sampleHistory(batchId: string, startMicros: number): History {
  const history = new History(batchId, startMicros);
  const file = { batchId, account: 'demo', source: 'drop', name: 'a.csv', location: '/inbox/a.csv' };
  history.add('BatchAdmitted', { ...file, fileHash: 'f'.repeat(64), runId: '', format: 'csv', columns: ['To', 'Body'] });
  for (const row of [1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13]) history.admitted(row);
  history.refused(4, 'invalid-to').refused(5, 'suppressed-at-admission');
  const totals = { rows: 13, admitted: 11, refused: 2, segments: 11, reasons: {}, warnings: [], complete: true };
  history.add('BatchRead', { batchId, account: 'demo', ...totals });
  history.add('DuplicateFileSeen', { ...file, name: 'z.csv' });
  return fates(history);
}

function fates(history: History): History {
  const { batchId } = history;
  history.granted(1).claimed(1).answered(1, 1, { sid: 'SM1' }).closed(1, { sid: 'SM1', fields: '{"status":"queued"}' });
  history.granted(2).claimed(2).answered(2, 1, { class: 'REJECTED', httpStatus: 400, code: 21211, message: 'no such number' });
  history.closed(2, { outcome: 'rejected', reason: 'twilio-rejected', httpStatus: 400, code: 21211 });
  history.granted(3).claimed(3).answered(3, 1, { class: 'NOT_PROCESSED', httpStatus: 429, code: 20429, retryAfterMs: 1_500 }).retried(3);
  history.granted(3, 2).claimed(3, 2).answered(3, 2, { sid: 'SM3' }).closed(3, { sid: 'SM3', attempts: 2 });
  history.granted(6).claimed(6).answered(6, 1, { class: 'IN_DOUBT', reason: 'timeout', httpStatus: null });
  history.closed(6, { outcome: 'unknown', reason: 'answer-in-doubt', httpStatus: null, evidence: '{"reason":"timeout"}' });
  const ranges = [
    { from: 7, to: 8 },
    { from: 9, to: 9 },
  ];
  history.add('RowsClosed', { batchId, account: 'demo', ranges, outcome: 'cancelled', reason: 'cancelled' });
  history.granted(11).returned(11).granted(11);
  history.granted(12).claimed(12);
  return history.granted(13).claimed(13).answered(13, 1, { sid: 'SM13' });
}
