// What the log says of the slots of this run. Read once, after the last stretch, so that reading disturbs none.
import type { EventRecord } from '@paceline/pipeline';
import type { KafkaLogReader } from '@paceline/adapter-kafka';

export interface Called {
  readonly attemptId: string;
  readonly calledAt: number;
  readonly answeredAt: number | null;
}

export interface BatchFacts {
  readonly called: Called[];
  /** Slots that were not called, by why: returned unclaimed, or claimed and not sent. */
  readonly missed: Map<string, number>;
}

export class SenderLog {
  readonly #batches = new Map<string, BatchFacts>();

  async read(reader: KafkaLogReader): Promise<void> {
    await reader.readToEnd(['paceline.requests', 'paceline.responses', 'paceline.outcomes'], (record) => this.#fold(record));
  }

  of(batchId: string): BatchFacts {
    let facts = this.#batches.get(batchId);
    if (facts === undefined) this.#batches.set(batchId, (facts = { called: [], missed: new Map() }));
    return facts;
  }

  #fold({ event }: EventRecord): void {
    switch (event.type) {
      case 'SlotReturned':
        this.#miss(event.data.request.batchId, `returned: ${event.data.reason}`);
        return;
      case 'RequestClosed':
        this.#miss(event.data.batchId, `closed: ${event.data.reason}`);
        return;
      case 'ResponseRecorded': {
        const { batchId, attemptId, calledAt, answeredAt, reason } = event.data;
        if (calledAt === null) this.#miss(batchId, `not sent: ${reason}`);
        else this.of(batchId).called.push({ attemptId, calledAt, answeredAt });
        return;
      }
      default:
    }
  }

  #miss(batchId: string, why: string): void {
    const { missed } = this.of(batchId);
    missed.set(why, (missed.get(why) ?? 0) + 1);
  }
}
