import type { Clock } from '@paceline/pipeline';
import type { Scheduler } from './scheduler.ts';

/** A partition of `requests` that this process owns. */
export interface OwnedRequests {
  readonly partition: number;
  /** The offset that its owner committed last: nothing below it waits. */
  committed(): number;
}

/** The log as the trimmer uses it. */
export interface RequestLog {
  standing(
    partition: number,
    sinceMs: number,
  ): Promise<{ readonly low: number; readonly committed: number | null; readonly firstSince: number }>;
  deleteBelow(partition: number, offset: number): Promise<void>;
}

interface TrimmerParts {
  readonly log: RequestLog;
  /** Records younger than this stay, whoever has read them: a person may ask for them. */
  readonly keptMs: number;
  readonly clock: Pick<Clock, 'wallMicros'>;
  readonly scheduler: Scheduler;
  readonly logger: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

const everyMs = 600_000;

/**
 * Takes old records from the beginning of the partitions that this process owns. `requests` does not expire by time, since a
 * row may wait for long: a record goes when its owner and every archive have committed past it and it is as old as the
 * slots that are kept. Promise: never a record that somebody may still read on. What cannot be deleted now is deleted later.
 */
export class RequestTrimmer {
  readonly name = 'trim of requests';
  readonly #owned = new Set<OwnedRequests>();
  #cancel: (() => void) | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: TrimmerParts) {}

  /** Until the returned function is called. */
  watch(owned: OwnedRequests): () => void {
    this.#owned.add(owned);
    return () => void this.#owned.delete(owned);
  }

  start(): Promise<void> {
    this.#next();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#running;
  }

  #next(): void {
    this.#cancel = this.parts.scheduler.after(everyMs, () => {
      this.#next();
      this.#running = this.#running.then(() => this.#round());
    });
  }

  async #round(): Promise<void> {
    for (const owned of [...this.#owned]) {
      await this.#trim(owned).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        this.parts.logger.warn({ partition: owned.partition, error: why }, 'old requests stay for now');
      });
    }
  }

  async #trim(owned: OwnedRequests): Promise<void> {
    const { log, keptMs, clock, logger } = this.parts;
    const { partition } = owned;
    // Asked for before the others: it only ever grows, so that what is deleted is below it.
    const own = owned.committed();
    const { low, committed, firstSince } = await log.standing(partition, Math.floor(clock.wallMicros() / 1000) - keptMs);
    if (committed === null || !this.#owned.has(owned)) return;
    const below = Math.min(own, committed, firstSince);
    if (below <= low) return;
    await log.deleteBelow(partition, below);
    logger.info({ partition, offset: below, count: below - low }, 'old requests deleted');
  }
}
