import type { TopicName } from '@paceline/contracts';
import {
  ClaimWindow,
  claimWindowKey,
  OpenAttempts,
  responseOf,
  undecodableOf,
  type Routed,
  type RoutingNow,
  type RoutingSettings,
} from '@paceline/domain/routing';
import {
  deadLetterOf,
  isEvent,
  OpeningLost,
  undecodableOutputs,
  type Clock,
  type InputRecord,
  type OffsetMark,
  type Opening,
  type PartitionTask,
  type PoisonRecord,
  type RecordBatch,
} from '@paceline/pipeline';
import { RoutedBatch, type RouteSpans } from './routed-batch.ts';
import type { RouterMetrics } from './router-metrics.ts';
import type { Scheduler } from './scheduler.ts';

const attempts: TopicName = 'paceline.attempts';
const responses: TopicName = 'paceline.responses';
const mostClosedAtOnce = 500;
const slowAnswerMs = 2_000;

export interface RouterParts {
  readonly settings: RoutingSettings;
  readonly sweepMs: number;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly scheduler: Scheduler;
  readonly tracing: RouteSpans;
  readonly metrics: RouterMetrics;
  readonly logger: { warn(fields: object, message: string): void };
  /** Ends the process: the sweep broke a promise of ours. */
  readonly fail: (error: unknown) => void;
}

/** Claims whose horizon had passed when the end of the responses was asked for. */
interface Probe {
  readonly end: number;
  readonly attemptIds: readonly string[];
}

/**
 * Routes one partition of attempts and responses: what a batch decides is committed with its offsets and the changed
 * state in one transaction, or not at all. Batches and horizon sweeps never interleave.
 */
export class RouteResponsesTask implements PartitionTask {
  readonly #open: OpenAttempts;
  readonly #claims: ClaimWindow;
  readonly #stop: () => void;
  #queue: Promise<unknown> = Promise.resolve();
  #sweeping = false;
  #probe: Probe | null = null;
  /** Offset up to which responses are part of the state. */
  #position: number;

  constructor(
    private readonly opening: Opening,
    private readonly parts: RouterParts,
  ) {
    this.#claims = new ClaimWindow(opening.committed.get(attempts)?.offset ?? 0, opening.state.get(claimWindowKey));
    this.#open = new OpenAttempts(parts.settings, this.#claims);
    this.#open.restore(opening.state, this.#now());
    opening.state.clear();
    this.#position = opening.committed.get(responses)?.offset ?? 0;
    this.#stop = parts.scheduler.every(parts.sweepMs, () => this.#wake());
    parts.metrics.held(opening.partition, this.#open.size);
  }

  handle(batch: RecordBatch): Promise<void> {
    return this.#serially(() => this.#route(batch));
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#queue;
    this.parts.metrics.gone(this.opening.partition);
  }

  async #route({ topic, records, nextOffset }: RecordBatch): Promise<void> {
    const batch = this.#batch();
    for (const record of records) this.#take(record, batch);
    if (topic === responses) return this.#routed(batch, nextOffset);
    this.#claims.readUpTo(nextOffset);
    // Claims are written down with their decisions, or by the sweep when they have waited long.
    if (!batch.isEmpty) await this.#commit(batch, []);
  }

  async #routed(batch: RoutedBatch, nextOffset: number): Promise<void> {
    await this.#commit(batch, [{ topic: responses, offset: nextOffset }]);
    this.#position = nextOffset;
  }

  #take(record: InputRecord, batch: RoutedBatch): void {
    const now = this.#now();
    if (record.kind === 'poison') this.#takePoison(record, batch, now);
    else if (isEvent(record, 'AttemptStarted'))
      this.#decided(this.#open.claimed(record.event.data, record.headers, { ...now, offset: record.offset }), batch);
    else if (isEvent(record, 'ResponseRecorded')) {
      this.#decided(this.#open.observed(responseOf(record.event.data), record.headers, now), batch);
    }
  }

  /** The raw record goes to the dead letters; a row that its headers name gets its outcome. */
  #takePoison(record: PoisonRecord, batch: RoutedBatch, now: RoutingNow): void {
    if (record.topic === attempts && this.#claims.placeOf(record.offset) !== 'new') return;
    const where = `${record.topic}-${record.partition}-${record.offset}`;
    this.parts.metrics.deadLettered(record.topic);
    if (record.topic === responses) {
      batch.add(deadLetterOf(record, 'error-router', now.wallMicros));
      const observation = undecodableOf(record.headers, where);
      if (observation !== null) this.#decided(this.#open.observed(observation, record.headers, now), batch);
      return;
    }
    for (const output of undecodableOutputs(record, 'error-router', now.wallMicros)) batch.add(output);
  }

  #decided(routed: Routed | 'duplicate' | null, batch: RoutedBatch): void {
    if (routed === 'duplicate') this.parts.metrics.dropped('duplicate', 1);
    else if (routed !== null) batch.addDecision(routed);
  }

  #wake(): void {
    if (this.#sweeping) return;
    this.#sweeping = true;
    this.#serially(() => this.#sweep())
      .catch((error: unknown) => (error instanceof OpeningLost ? this.#stop() : this.parts.fail(error)))
      .finally(() => (this.#sweeping = false));
  }

  async #sweep(): Promise<void> {
    if (this.opening.ended.aborted) return;
    const { monotonicMs } = this.#now();
    const dropped = this.#open.dropDue(monotonicMs);
    const batch = this.#batch();
    for (const attemptId of await this.#silentClaims(monotonicMs)) this.#decided(this.#open.silent(attemptId, this.#now()), batch);
    if (dropped === 0 && batch.isEmpty && !this.#claims.hasOld(monotonicMs)) return;
    await this.#commit(batch, []);
    this.parts.metrics.dropped('no-attempt', dropped);
  }

  /**
   * A claim may only be given up when its response is not merely unread: our position must be past an end of the
   * responses that was asked for after the horizon had passed.
   */
  async #silentClaims(monotonicMs: number): Promise<readonly string[]> {
    this.#probe ??= await this.#probeFor(this.#open.dueClaims(monotonicMs).slice(0, mostClosedAtOnce));
    if (this.#probe === null || this.#position < this.#probe.end) return [];
    const { attemptIds } = this.#probe;
    this.#probe = null;
    return attemptIds;
  }

  async #probeFor(attemptIds: readonly string[]): Promise<Probe | null> {
    if (attemptIds.length === 0) return null;
    try {
      const asked = this.#now().monotonicMs;
      const end = await this.opening.endOffset(responses);
      if (this.#now().monotonicMs - asked <= slowAnswerMs) return { end, attemptIds };
      this.#postpone('the brokers were slow to tell the end of the responses');
    } catch (error) {
      this.#postpone(`the end of the responses is not known: ${String(error)}`);
    }
    return null;
  }

  /** While the brokers are away a sender cannot write what it knows: its responses get their time once they are back. */
  #postpone(why: string): void {
    this.#open.postpone(this.#now().monotonicMs);
    this.parts.logger.warn({ why }, 'claims past their horizon wait for another horizon');
  }

  async #commit(batch: RoutedBatch, offsets: readonly OffsetMark[]): Promise<void> {
    const { clock } = this.parts;
    const outputs = batch.outputs(this.opening.partition, clock.wallMicros());
    const state = this.#open.takeChanges(clock.monotonicMs());
    await this.opening.commit({ outputs, state, offsets: [...offsets, { topic: attempts, offset: this.#claims.position }] });
    batch.committed(this.parts.metrics);
    this.parts.metrics.held(this.opening.partition, this.#open.size);
  }

  #batch(): RoutedBatch {
    return new RoutedBatch(this.parts.tracing);
  }

  #now(): RoutingNow {
    const { clock, random } = this.parts;
    return { wallMicros: clock.wallMicros(), monotonicMs: clock.monotonicMs(), random };
  }

  #serially<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }
}
