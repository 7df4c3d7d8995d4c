import type { TopicName } from '@paceline/contracts';
import type { GaugeBoard, PartitionPacing } from '@paceline/domain/pacing';
import {
  deadLetterOf,
  isEvent,
  type Clock,
  type InputRecord,
  type OffsetMark,
  type OutputRecord,
  type RecordBatch,
} from '@paceline/pipeline';

export const signals: TopicName = 'paceline.signals';

/** What was said longer ago says nothing of now: after a takeover most of what is read is that old, microseconds. */
const heardMicros = 5_000_000;
/** The position is committed with slices, and by itself when so much came or so long nothing was granted. */
const mostUncommitted = 2_000;
const uncommittedMs = 60_000;

interface SignalsInboxParts {
  readonly pacing: PartitionPacing;
  readonly board: GaugeBoard;
  readonly clock: Clock;
}

/** What the senders and the router say of the partition's accounts: gauges and counts. Only the present counts. */
export class SignalsInbox {
  #position: number | null = null;
  #uncommitted = 0;
  #since: number;
  #dead: OutputRecord[] = [];

  constructor(private readonly parts: SignalsInboxParts) {
    this.#since = parts.clock.monotonicMs();
  }

  heed({ records, nextOffset }: RecordBatch): void {
    const now = { wall: this.parts.clock.wallMicros(), monotonic: this.parts.clock.monotonicMs() };
    for (const record of records) {
      if (record.kind === 'poison') this.#dead.push(deadLetterOf(record, 'pacer', now.wall));
      else if (record.event.data.meta.occurredAt > now.wall - heardMicros) this.#hear(record, now);
    }
    this.#position = nextOffset;
    this.#uncommitted += records.length;
  }

  /** Whether its position is worth a transaction of its own. */
  isDue(): boolean {
    if (this.#position === null || this.#uncommitted === 0) return false;
    return this.#dead.length > 0 || this.#uncommitted >= mostUncommitted || this.parts.clock.monotonicMs() - this.#since >= uncommittedMs;
  }

  /** What the next commit must carry. */
  commitPoint(): { readonly outputs: readonly OutputRecord[]; readonly offsets: readonly OffsetMark[] } {
    const offsets = this.#position === null ? [] : [{ topic: signals, offset: this.#position }];
    this.#uncommitted = 0;
    this.#since = this.parts.clock.monotonicMs();
    return { outputs: this.#dead.splice(0), offsets };
  }

  #hear(record: InputRecord, now: { readonly wall: number; readonly monotonic: number }): void {
    if (isEvent(record, 'SenderGauged')) this.parts.board.heed(record.event.data, now.monotonic);
    else if (isEvent(record, 'CodesCounted')) this.parts.pacing.counted(record.event.data, now);
  }
}
