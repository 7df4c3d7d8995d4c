import { event, metaOf, requestIdOf, type EventOf, type Request } from '@paceline/contracts';
import { OpeningLost, type EventRecord, type InputRecord, type Opening, type OutputRecord, type Transaction } from '@paceline/pipeline';
import { recordingTracing } from '@paceline/runtime';
import { Registry } from 'prom-client';
import { PacerMetrics } from './pacer-metrics.ts';
import { MemoryRowStore, SenderGaugeBoard, unlimited as anyPace, type GaugeBoard } from '@paceline/domain/pacing';
import { OpenPartitions } from './pacing-report.controller.ts';
import { signals } from './signals-inbox.ts';
import { HandControls, HandTime, noon } from './hand-time.suite.ts';
import type { PacerParts } from './pacer-parts.ts';
import { PacingTask } from './pacing.task.ts';

const topic = 'paceline.requests';

const alwaysSent: GaugeBoard = {
  heed: () => undefined,
  speaks: () => true,
  inFlight: () => 0,
  latencyP90Ms: () => null,
  latencyMeanMs: () => null,
};

const unlimited = { ...anyPace, callsPerSecond: 100 };

type Crash = 'before' | 'after';

/** One partition of `requests` as its brokers know it, and the task that owns it now. */
export class PartitionBench {
  readonly time = new HandTime();
  readonly controls = new HandControls();
  readonly tracing = recordingTracing();
  readonly registry = new Registry();
  readonly reports = new OpenPartitions(() => this.time.wallMicros());
  /** Whether senders must speak before anything is granted; else they always do. */
  gauged = false;
  signalsCommitted = 0;
  readonly log: InputRecord[] = [];
  readonly written: OutputRecord[] = [];
  readonly transactions: Transaction[] = [];
  readonly failures: unknown[] = [];
  readonly delivery: string[] = [];
  committed = 0;
  inFlight = 0;
  mostInFlight = 0;
  commitMs = 0;
  #state = new Map<string, string>();
  #crash: Crash | null = null;
  #task: PacingTask | null = null;
  #end: AbortController | null = null;
  #signals = 0;
  readonly #parts: PacerParts;

  constructor(over: Partial<PacerParts> = {}) {
    this.#parts = {
      accounts: new Map([['demo', { ...unlimited, callsPerSecond: 100 }]]),
      pace: { leadMs: 700, minLeadMs: 400, sliceMs: 100, minShare: 0.05 },
      maxWaiting: 100_000,
      maxClosures: 1_000,
      residentRows: 10_000,
      carrySpan: 2_000_000,
      slots: { partitions: 4, of: (requestId) => requestId.charCodeAt(0) % 4 },
      controls: this.controls,
      newStore: () => new MemoryRowStore(),
      newBoard: () => (this.gauged ? new SenderGaugeBoard() : alwaysSent),
      newSteward: () => ({ heed: () => undefined, decide: () => [], nextAtMs: () => null }),
      clock: this.time,
      scheduler: this.time,
      tracing: this.tracing,
      metrics: new PacerMetrics(this.registry),
      reports: this.reports,
      trimmer: { watch: () => () => undefined },
      logger: { warn: () => undefined },
      fail: (error) => this.failures.push(error),
      ...over,
    };
  }

  /** A new owner; the one before is gone without a word, as after a kill. */
  async open(): Promise<void> {
    this.#end?.abort();
    this.#end = new AbortController();
    this.#crash = null;
    this.#task = new PacingTask(this.#opening(this.#end), this.#parts);
    await this.deliver(this.committed);
  }

  async append(...records: readonly InputRecord[]): Promise<void> {
    const from = this.log.length;
    this.log.push(...records.map((record, n) => ({ ...record, offset: from + n })));
    await this.deliver(from);
  }

  /** Records of the signals, from the start of that topic on. */
  async signal(...events: readonly EventRecord['event'][]): Promise<void> {
    this.#signals += events.length;
    const records = events.map((one) => ({ ...recordOf(one), topic: signals }));
    await this.#task?.handle({ topic: signals, partition: 0, records, nextOffset: this.#signals });
  }

  async deliver(from: number): Promise<void> {
    const batch = { topic, partition: 0, records: this.log.slice(from), nextOffset: this.log.length } as const;
    await this.#task?.handle(batch);
  }

  close(): Promise<void> {
    return this.#task?.close() ?? Promise.resolve();
  }

  /** The next commit fails: nothing of it happened, or all of it. Its owner cannot tell. */
  crashNext(when: Crash): void {
    this.#crash = when;
  }

  slots(): EventOf<'SlotGranted'>['data'][] {
    return this.written.flatMap(({ event: { type, data } }) => (type === 'SlotGranted' ? [data] : []));
  }

  closedRows(): { row: number; outcome: string; reason: string }[] {
    return this.written.flatMap(({ event: { type, data } }) => (type === 'RowsClosed' ? rowsOf(data) : []));
  }

  #opening(end: AbortController): Opening {
    return {
      group: 'paceline-pacer',
      partition: 0,
      epoch: 1,
      committed: new Map([[topic, { topic, offset: this.committed }]]),
      state: new Map(this.#state),
      ended: end.signal,
      commit: (transaction) => this.#commit(transaction, end),
      endOffset: () => Promise.resolve(this.log.length),
      pause: () => this.delivery.push('paused'),
      resume: () => this.delivery.push('resumed'),
    };
  }

  async #commit(transaction: Transaction, end: AbortController): Promise<void> {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    if (this.commitMs > 0) await new Promise<void>((resolve) => this.time.after(this.commitMs, resolve));
    this.inFlight -= 1;
    const crash = this.#crash;
    this.#crash = null;
    if (crash !== 'before' && !end.signal.aborted) this.#apply(transaction);
    if (crash === null && !end.signal.aborted) return;
    end.abort();
    throw new OpeningLost('unknown end');
  }

  #apply(transaction: Transaction): void {
    this.transactions.push(transaction);
    this.written.push(...transaction.outputs);
    for (const { key, value } of transaction.state ?? []) {
      if (value === null) this.#state.delete(key);
      else this.#state.set(key, value);
    }
    for (const mark of transaction.offsets ?? []) {
      if (mark.topic === topic) this.committed = mark.offset;
      else this.signalsCommitted = mark.offset;
    }
    const carried = transaction.outputs.filter((output) => output.topic === topic);
    this.log.push(...carried.map((output, n) => ({ ...recordOf(output.event, { ...output.headers }), offset: this.log.length + n })));
  }
}

const rowsOf = ({ ranges, outcome, reason }: EventOf<'RowsClosed'>['data']): { row: number; outcome: string; reason: string }[] =>
  ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, n) => ({ row: from + n, outcome, reason })));

export function admitted(row: number, over: Partial<Request> = {}, headers: Record<string, string> = {}): EventRecord {
  const batchId = over.batchId ?? 'a';
  const request: Request = {
    requestId: requestIdOf(batchId, row),
    batchId,
    account: 'demo',
    api: 'messages',
    lane: 'messages',
    row,
    line: row + 1,
    cost: 1,
    priority: 0,
    notBefore: null,
    expiresAt: null,
    timeZone: null,
    externalId: null,
    contact: 'c'.repeat(32),
    sender: '',
    parent: null,
    personal: { to: '+15005550006', params: [] },
    ...over,
  };
  const meta = metaOf('RequestAdmitted', { natural: [request.requestId], at: noon, correlationId: batchId });
  return recordOf(event('RequestAdmitted', { meta, request }), { requestId: request.requestId, batchId, ...headers });
}

export const recordOf = (decoded: EventRecord['event'], headers: Record<string, string> = {}): EventRecord => ({
  kind: 'event',
  topic,
  partition: 0,
  offset: -1,
  key: 'demo',
  headers,
  timestampMs: noon / 1000,
  event: decoded,
});

export const rows = (first: number, last: number, over: Partial<Request> = {}): EventRecord[] =>
  Array.from({ length: last - first + 1 }, (_, n) => admitted(first + n, over));

export const poison = (headers: Record<string, string>): InputRecord => ({
  kind: 'poison',
  topic,
  partition: 0,
  offset: -1,
  key: 'demo',
  headers,
  timestampMs: noon / 1000,
  reason: 'broken',
  rawKey: Buffer.from('demo'),
  rawValue: Buffer.from('x'),
});

/** Most slots in any second, both ends counted. */
export function worstSecond(slotAts: readonly number[]): number {
  let worst = 0;
  let tail = 0;
  slotAts.forEach((at, n) => {
    while ((slotAts[tail] ?? at) < at - 1_000_000) tail += 1;
    worst = Math.max(worst, n - tail + 1);
  });
  return worst;
}

export async function opened(over: ConstructorParameters<typeof PartitionBench>[0] = {}): Promise<PartitionBench> {
  const bench = new PartitionBench(over);
  await bench.open();
  return bench;
}
