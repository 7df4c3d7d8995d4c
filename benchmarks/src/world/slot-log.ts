// What the log says of the batches of this run: slots, returns, calls and what became of them. Read once, after the last case, so that reading disturbs none.
import { attemptIdOf } from '@paceline/contracts';
import type { KafkaLogReader } from '@paceline/adapter-kafka';
import type { EventRecord } from '@paceline/pipeline';
import type { Slot } from '../judge/evidence.ts';

export interface BatchLog {
  readonly slots: Slot[];
  returnedLate: number;
  readonly calledAt: Map<string, number>;
  readonly decided: Set<string>;
}

const emptyLog = (): BatchLog => ({ slots: [], returnedLate: 0, calledAt: new Map(), decided: new Set() });

export class SlotLog {
  readonly #batches = new Map<string, BatchLog>();

  async read(reader: KafkaLogReader): Promise<void> {
    await reader.readToEnd(['paceline.slots', 'paceline.requests', 'paceline.responses', 'paceline.outcomes'], (record) =>
      this.#fold(record),
    );
    for (const { slots } of this.#batches.values()) slots.sort((a, b) => a.at - b.at);
  }

  /** The log of several batches as one, in the order of time. */
  of(batchIds: readonly string[]): BatchLog {
    const all = batchIds.flatMap((batchId) => this.#batches.get(batchId) ?? []);
    const slots = all.flatMap((one) => one.slots);
    return {
      slots: slots.sort((a, b) => a.at - b.at),
      returnedLate: all.reduce((sum, one) => sum + one.returnedLate, 0),
      calledAt: new Map(all.flatMap((one) => [...one.calledAt])),
      decided: new Set(all.flatMap((one) => [...one.decided])),
    };
  }

  #fold({ event }: EventRecord): void {
    switch (event.type) {
      case 'SlotGranted': {
        const { request, slotAt, era, attempt } = event.data;
        const { batchId, lane, cost, requestId } = request;
        this.#batch(batchId).slots.push({ at: slotAt, era, lane, batchId, cost, attemptId: attemptIdOf(requestId, attempt) });
        return;
      }
      case 'SlotReturned':
        if (event.data.reason === 'late') this.#batch(event.data.request.batchId).returnedLate += 1;
        return;
      case 'ResponseRecorded': {
        const { batchId, attemptId, calledAt, reason } = event.data;
        if (reason === 'deadline-passed') this.#batch(batchId).returnedLate += 1;
        if (calledAt !== null) this.#batch(batchId).calledAt.set(attemptId, calledAt);
        return;
      }
      default:
        this.#foldDecision(event);
    }
  }

  #foldDecision(event: EventRecord['event']): void {
    if (event.type === 'RetryScheduled') this.#batch(event.data.request.batchId).decided.add(event.data.previous);
    if (event.type !== 'RequestClosed') return;
    const { batchId, requestId, attempts } = event.data;
    this.#batch(batchId).decided.add(attemptIdOf(requestId, attempts));
  }

  #batch(batchId: string): BatchLog {
    let batch = this.#batches.get(batchId);
    if (batch === undefined) this.#batches.set(batchId, (batch = emptyLog()));
    return batch;
  }
}
