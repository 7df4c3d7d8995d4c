import {
  attemptIdOf,
  event,
  metaOf,
  type AttemptStarted,
  type Event,
  type RequestClosed,
  type ResponseRecorded,
} from '@paceline/contracts';
import { claimWindowKey } from '@paceline/domain/routing';
import type { InputRecord, PoisonRecord } from '@paceline/pipeline';
import { Registry } from 'prom-client';
import { FakeLog } from './fake-opening.suite.ts';
import { RouteResponsesTask, type RouterParts } from './route-responses.task.ts';
import { RouterMetrics } from './router-metrics.ts';

const now = 1_800_000_000_000_000;
export const horizonMs = 3_000;
export const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function aClaim(attempt = 1): AttemptStarted {
  const attemptId = attemptIdOf('r1', attempt);
  const ids = { requestId: 'r1', batchId: 'b1', account: 'demo', api: 'messages', lane: 'messages:abc' } as const;
  const rest = { row: 7, line: 8, cost: 1, priority: 0, notBefore: null, expiresAt: null, timeZone: null, externalId: null, parent: null };
  const request = { ...ids, ...rest, contact: 'c', sender: 's', personal: { to: '+15005550001', params: [] } };
  const meta = metaOf('AttemptStarted', { natural: [attemptId], at: now, correlationId: 'b1' });
  const slot = { slotAt: now, number: 1, deadline: now, sender: 'sender-1' };
  return { meta, attemptId, request, attempt, backoff: { throttles: 0, since: null }, ...slot };
}

function aResponse(changes: Partial<ResponseRecorded> = {}): ResponseRecorded {
  const meta = metaOf('ResponseRecorded', { natural: ['r1#1'], at: now, correlationId: 'b1' });
  return {
    ...{ meta, attemptId: 'r1#1', attempt: 1, requestId: 'r1', batchId: 'b1', account: 'demo', class: 'ACCEPTED', reason: 'answered' },
    ...{ httpStatus: 201, code: null, sid: 'SM1', message: null, retryAfterMs: null, calledAt: now, answeredAt: now, bytesWritten: 9 },
    ...{ twilioRequestId: null, concurrentRequests: null, resource: null, sender: 'sender-1' },
    ...changes,
  };
}

const base = { topic: 'paceline.responses', partition: 0, offset: 0, key: 'r1', timestampMs: 0 } as const;
const headers = { traceparent, requestId: 'r1', batchId: 'b1', attempt: '1' };
const record = (made: Event): InputRecord => ({ ...base, kind: 'event', headers, event: made });
export const claimRecord = (attempt?: number): InputRecord => record(event('AttemptStarted', aClaim(attempt)));
export const responseRecord = (changes?: Partial<ResponseRecorded>): InputRecord => record(event('ResponseRecorded', aResponse(changes)));
export const poison = (own: Record<string, string> = headers): PoisonRecord => ({
  ...{ ...base, kind: 'poison', headers: own, reason: 'not Avro', rawKey: null, rawValue: Buffer.from('x') },
});

export type Delivered = 'paceline.attempts' | 'paceline.responses';

/** A task over a log that survives it, with clocks driven by hand. */
export class Bench {
  readonly log = new FakeLog();
  readonly registry = new Registry();
  readonly failures: unknown[] = [];
  readonly spans: string[] = [];
  monotonicMs = 1_000;
  #tick: (() => void) | null = null;
  readonly #given = new Map<Delivered, number>();
  #task: RouteResponsesTask;
  readonly #parts: RouterParts = {
    settings: { maxTotalWaitMs: 60_000, maxAttempts: 3, accountStopHoldMs: 5_000, horizonMs },
    sweepMs: 500,
    clock: { wallMicros: () => now, monotonicMs: () => this.monotonicMs },
    random: () => 0.5,
    scheduler: { every: (_ms, work) => ((this.#tick = work), () => (this.#tick = null)) },
    tracing: {
      child: (name, parent, options) => ({
        headers: { traceparent: parent['traceparent']?.replace('b7ad6b7169203331', '00000000000000aa') ?? '' },
        end: () => this.spans.push(`${name} ${options?.attributes?.['action']}`),
      }),
    },
    metrics: new RouterMetrics(this.registry),
    logger: { warn: () => undefined },
    fail: (error) => this.failures.push(error),
  };

  constructor() {
    this.#task = new RouteResponsesTask(this.log.open(), this.#parts);
  }

  /** What the task has not been given yet: a new owner begins at the committed offsets. */
  async deliver(...topics: readonly Delivered[]): Promise<void> {
    for (const topic of topics) {
      const batch = this.log.batch(topic, this.#given.get(topic));
      this.#given.set(topic, batch.nextOffset);
      await this.#task.handle(batch);
    }
  }

  async takeover(): Promise<void> {
    await this.#task.close();
    this.#given.clear();
    this.#task = new RouteResponsesTask(this.log.open(), this.#parts);
  }

  /** Keys of the state that hold one attempt each. */
  stored(): string[] {
    return [...this.log.state.keys()].filter((key) => key !== claimWindowKey);
  }

  /** Lets time pass and the sweeps that are due in it run to their end. */
  async pass(ms: number): Promise<void> {
    this.monotonicMs += ms;
    for (let sweep = 0; sweep < 2; sweep += 1) {
      this.#tick?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  closings(): RequestClosed[] {
    return this.log.written.flatMap(({ event: made }) => (made.type === 'RequestClosed' ? [made.data] : []));
  }

  async metric(name: string): Promise<{ value: number; labels: object }[]> {
    return (await this.registry.getSingleMetric(name)?.get())?.values ?? [];
  }
}
