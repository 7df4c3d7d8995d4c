import type { TopicName } from '@paceline/contracts';
import {
  OpeningLost,
  type InputRecord,
  type OffsetMark,
  type Opening,
  type OutputRecord,
  type RecordBatch,
  type Transaction,
} from '@paceline/pipeline';

type Crash = 'before' | 'after';

/** One partition of the log as its brokers know it: what outlives every owner. */
export class FakeLog {
  readonly written: OutputRecord[] = [];
  readonly state = new Map<string, string>();
  readonly committed = new Map<TopicName, OffsetMark>();
  readonly records = new Map<TopicName, InputRecord[]>();
  transactions = 0;
  endOffsetFails = false;
  #crash: Crash | null = null;

  append(topic: TopicName, ...records: readonly InputRecord[]): void {
    const before = this.records.get(topic) ?? [];
    this.records.set(topic, [...before, ...records.map((record, at) => ({ ...record, topic, offset: before.length + at }))]);
  }

  end(topic: TopicName): number {
    return this.records.get(topic)?.length ?? 0;
  }

  /** The next commit fails: either nothing of it happened, or all of it. The owner cannot tell. */
  crashNext(when: Crash): void {
    this.#crash = when;
  }

  /** All records from `given` on, as one fetch would deliver them; from the committed offset on when nothing was given yet. */
  batch(topic: TopicName, given = this.committed.get(topic)?.offset ?? 0): RecordBatch {
    return { topic, partition: 0, records: (this.records.get(topic) ?? []).slice(given), nextOffset: this.end(topic) };
  }

  open(): Opening {
    const ended = new AbortController();
    return {
      group: 'paceline-error-router',
      partition: 0,
      epoch: 1,
      committed: new Map(this.committed),
      state: new Map(this.state),
      ended: ended.signal,
      commit: (transaction) => this.#commit(transaction, ended),
      endOffset: (topic) => (this.endOffsetFails ? Promise.reject(new Error('brokers away')) : Promise.resolve(this.end(topic))),
      pause: () => undefined,
      resume: () => undefined,
    };
  }

  #commit(transaction: Transaction, ended: AbortController): Promise<void> {
    const crash = this.#crash;
    this.#crash = null;
    if (crash !== 'before' && !ended.signal.aborted) this.#apply(transaction);
    if (crash === null && !ended.signal.aborted) return Promise.resolve();
    ended.abort();
    return Promise.reject(new OpeningLost('crashed'));
  }

  #apply({ outputs, state = [], offsets = [] }: Transaction): void {
    this.transactions += 1;
    this.written.push(...outputs);
    for (const { key, value } of state) {
      if (value === null) this.state.delete(key);
      else this.state.set(key, value);
    }
    for (const mark of offsets) this.committed.set(mark.topic, mark);
  }
}
