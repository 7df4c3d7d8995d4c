import {
  event,
  metaOf,
  requestIdOf,
  type Event,
  type Outcome,
  type OutcomeReason,
  type Request,
  type RowRange,
  type TopicName,
} from '@paceline/contracts';
import { ControlIndex } from '@paceline/domain/controls';
import { batchAdmitted } from '@paceline/domain/ingest';
import { isProvenSafe, resendRequested, type ResendWish } from '@paceline/domain/resend';
import { OpeningLost, type EventRecord } from '@paceline/pipeline';
import { recordingTracing } from '@paceline/runtime';
import { RecordingLog } from './recording-log.suite.ts';
import type { ResendDeps } from './resend-ports.ts';
import { ResendRowsTask } from './resend-rows.task.ts';

export const original = 'b0b0';

export interface End {
  readonly outcome: Outcome;
  readonly reason: OutcomeReason;
  readonly httpStatus: number | null;
  readonly code: number | null;
}

export const ends = {
  rejected: { outcome: 'rejected', reason: 'twilio-rejected', httpStatus: 400, code: 30022 },
  accepted: { outcome: 'accepted', reason: 'accepted', httpStatus: 201, code: null },
  unknown: { outcome: 'unknown', reason: 'answer-in-doubt', httpStatus: 500, code: null },
  expired: { outcome: 'expired', reason: 'unreachable', httpStatus: null, code: null },
  redirected: { outcome: 'rejected', reason: 'protocol', httpStatus: 303, code: null },
} as const satisfies Readonly<Record<string, End>>;

export interface Delivery {
  /** The commit that fails like a broker that is gone, counted from 0. */
  readonly loseAfter?: number;
  readonly afterCommit?: (count: number) => void;
  /** The service is told to stop after so many commits. */
  readonly stopAfter?: number;
}

/** A log with one batch of ten rows, its resends, and a task that may be killed at every commit. Time is moved by hand. */
export class ResendBench {
  readonly memory = new RecordingLog();
  readonly controls = new ControlIndex();

  readonly commands: EventRecord[] = [];
  suppressed = false;
  unreadable = 0;
  now = 1_777_000_000_000_000;
  /** What others wrote, in order with what the task committed: both are told by `log`. */
  readonly #others: { readonly after: number; readonly topic: TopicName; readonly event: Event }[] = [];

  constructor(readonly rows = 10) {
    const file = { batchId: original, account: 'demo', source: 'drop', name: 'a.csv', location: '/a.csv', fileHash: 'h', runId: '' };
    this.write('paceline.batches', batchAdmitted({ ...file, format: 'csv', causedBy: null, now: this.now }, ['To']));
    for (let row = 1; row <= rows; row += 1) this.write('paceline.requests', this.#admission(row));
  }

  write(topic: TopicName, written: Event): void {
    this.#others.push({ after: this.memory.outputs.length, topic, event: written });
  }

  /** Every committed record, in the order in which they became true. */
  get log(): readonly { readonly topic: TopicName; readonly event: Event }[] {
    const all: { topic: TopicName; event: Event }[] = [];
    let other = 0;
    for (let at = 0; at <= this.memory.outputs.length; at += 1) {
      for (; (this.#others[other]?.after ?? Infinity) <= at; other += 1)
        all.push(this.#others[other] as { topic: TopicName; event: Event });
      const output = this.memory.outputs[at];
      if (output !== undefined) all.push(output);
    }
    return all;
  }

  close(batchId: string, row: number, end: End = ends.rejected): void {
    const requestId = requestIdOf(batchId, row);
    this.now += 1;
    const meta = metaOf('RequestClosed', { natural: [requestId], at: this.now, correlationId: batchId });
    const rest = { attempts: 1, sid: null, calledAt: null, ruleVersion: null, evidence: null, externalId: null, fields: null };
    this.write(
      'paceline.outcomes',
      event('RequestClosed', { meta, requestId, batchId, account: 'demo', row, api: 'messages', ...end, ...rest }),
    );
  }

  /** Appends a command; `again` appends the one before once more. */
  ask(wish: Partial<ResendWish> = {}): void {
    this.now += 1;
    const whole = { batchId: original, outcomes: ['rejected'] as const, codes: [], since: null, expiresAt: null, by: 'alice', reason: '' };
    this.#append(resendRequested({ ...whole, ...wish }, this.now));
  }

  again(): void {
    const last = this.commands.at(-1);
    if (last !== undefined) this.#append(last.event);
  }

  /** Hands what is not yet committed to a new task; true when it came to the end. */
  async deliver({ stopAfter, ...options }: Delivery = {}): Promise<boolean> {
    let task: ResendRowsTask | null = null;
    const afterCommit = (count: number): void => {
      options.afterCommit?.(count);
      if (count === stopAfter) void task?.close();
    };
    task = new ResendRowsTask(this.memory.open({ ...options, afterCommit }), this.deps);
    const records = this.commands.slice(this.memory.offset ?? 0);
    if (records.length === 0) return true;
    try {
      await task.handle({ topic: 'paceline.commands', partition: 0, records, nextOffset: this.commands.length });
    } catch (error) {
      if (!(error instanceof OpeningLost)) throw error;
    }
    return this.memory.offset === this.commands.length;
  }

  get deps(): ResendDeps {
    const ignore = (): void => undefined;
    return {
      settings: {
        ...{ accounts: new Set(['demo']), quietAccounts: new Set<string>(), sources: [], contactKey: 'a key of this spec' },
        ...{ traceRatio: 0, spoolFolder: '' },
      },
      clock: { wallMicros: () => this.now, monotonicMs: () => 0 },
      tracing: recordingTracing({ sampled: false }),
      logger: { info: ignore, warn: ignore, error: ignore },
      metrics: { rows: ignore, file: ignore },
      suppressedBecause: () => (this.suppressed ? 'stop' : null),
      controls: this.controls,
      pause: () => Promise.resolve(),
      scan: async (topics, each, until) => {
        if ((this.unreadable -= 1) >= 0) throw new Error('the broker is away');
        for (const record of this.log) {
          if (until.aborted) return;
          if (topics.includes(record.topic)) await each(record.event);
        }
      },
      chunkRows: 2,
    };
  }

  /** Batches of the resends, in order. */
  get resends(): string[] {
    return [...new Set(this.memory.of('ResendPlanned').map(({ batchId }) => batchId))];
  }

  /** Rows of the original that were admitted again, in order. */
  get resent(): number[] {
    return this.memory.of('RequestAdmitted').map(({ request }) => request.line - 1);
  }

  #append(command: Event): void {
    const offset = this.commands.length;
    const record = { topic: 'paceline.commands', partition: 0, offset, key: original, headers: {}, timestampMs: 0 } as const;
    this.commands.push({ kind: 'event', ...record, event: command });
  }

  #admission(row: number): Event {
    const request: Request = {
      ...{
        requestId: requestIdOf(original, row),
        batchId: original,
        account: 'demo',
        api: 'messages',
        lane: 'messages',
        row,
        line: row + 1,
      },
      ...{
        cost: 1,
        priority: 0,
        notBefore: null,
        expiresAt: null,
        timeZone: null,
        externalId: null,
        contact: 'c',
        sender: 's',
        parent: null,
      },
      personal: {
        to: `+1500600${String(row).padStart(4, '0')}`,
        params: [
          { name: 'From', value: '+15005550006' },
          { name: 'Body', value: 'x' },
        ],
      },
    };
    const meta = metaOf('RequestAdmitted', { natural: [request.requestId], at: this.now, correlationId: original });
    return event('RequestAdmitted', { meta, request });
  }
}

const rowsIn = (ranges: readonly RowRange[]): number[] =>
  ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at));

/** Row of the original that a row of any of its batches is. */
export class Chains {
  readonly #rows = new Map<string, readonly number[]>();

  apply({ type, data }: Event): void {
    if (type !== 'ResendPlanned') return;
    const rows = rowsIn(data.ranges);
    this.#rows.set(data.batchId, [...(this.#rows.get(data.batchId) ?? []), ...rows]);
  }

  originalOf(batchId: string, row: number): number {
    return batchId === original ? row : (this.#rows.get(batchId)?.[row - 1] ?? Number.NaN);
  }
}

interface Sent {
  readonly requestId: string;
  safe: boolean;
}

/** Throws when a row was admitted again while one of its requests was open, or had not ended with proof. */
export function checkChains(log: ResendBench['log']): void {
  const chains = new Chains();
  const sent = new Map<number, Sent[]>();
  /** A row of a cancelled resend that never became a request: the next one follows it all the same. */
  const cancelledEarly = (batchId: string, row: number): void => {
    const of = chains.originalOf(batchId, row);
    sent.set(of, [...(sent.get(of) ?? []), { requestId: requestIdOf(batchId, row), safe: true }]);
  };
  for (const { event: one } of log) {
    chains.apply(one);
    if (one.type === 'RequestAdmitted') {
      const { requestId, batchId, row } = one.data.request;
      const of = chains.originalOf(batchId, row);
      const before = sent.get(of) ?? [];
      if (before.some(({ safe }) => !safe)) throw new Error(`row ${of} admitted again without proof`);
      if (batchId !== original && one.data.request.parent !== before.at(-1)?.requestId)
        throw new Error(`row ${of} follows another request`);
      sent.set(of, [...before, { requestId, safe: false }]);
    }
    if (one.type === 'RequestClosed') settle(sent, one.data.requestId, isProvenSafe(one.data));
    if (one.type === 'RowsClosed') {
      for (const row of rowsIn(one.data.ranges)) cancelledEarly(one.data.batchId, row);
    }
  }
}

function settle(sent: ReadonlyMap<number, Sent[]>, requestId: string, safe: boolean): void {
  for (const requests of sent.values()) for (const one of requests) if (one.requestId === requestId) one.safe = safe;
}
