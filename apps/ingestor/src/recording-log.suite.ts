import type { EventName, EventOf, TopicName } from '@paceline/contracts';
import { OpeningLost, type OffsetMark, type Opening, type OutputRecord, type Transaction } from '@paceline/pipeline';

/**
 * A partition's log in memory: what commits is kept and is what the next opening starts from. `loseAfter` makes the
 * commit after so many fail like a broker that is gone: nothing of it is kept, and the opening is over.
 */
export class RecordingLog {
  readonly outputs: OutputRecord[] = [];
  readonly transactions: Transaction[] = [];
  readonly #state = new Map<string, string>();
  #offset: OffsetMark | null = null;

  get offset(): number | null {
    return this.#offset?.offset ?? null;
  }

  open(options: { readonly loseAfter?: number; readonly afterCommit?: (count: number) => void | Promise<void> } = {}): Opening {
    const end = new AbortController();
    let commits = 0;
    const opening: Opening = {
      group: 'paceline-ingestor',
      partition: 0,
      epoch: 1,
      committed: new Map(),
      state: new Map(this.#state),
      ended: end.signal,
      commit: async (transaction) => {
        if (end.signal.aborted || commits === options.loseAfter) {
          end.abort();
          throw new OpeningLost('the broker is gone');
        }
        commits += 1;
        this.#keep(transaction);
        await options.afterCommit?.(commits);
      },
      endOffset: () => Promise.resolve(0),
      pause: () => undefined,
      resume: () => undefined,
    };
    return opening;
  }

  of<N extends EventName>(type: N): EventOf<N>['data'][] {
    return this.outputs.flatMap(({ event }) => (event.type === type ? [event.data as EventOf<N>['data']] : []));
  }

  /** Names of the events of one topic, in order. */
  sequence(topic: TopicName): string[] {
    return this.outputs.filter((output) => output.topic === topic).map(({ event }) => event.type);
  }

  #keep(transaction: Transaction): void {
    this.transactions.push(transaction);
    this.outputs.push(...transaction.outputs);
    for (const { key, value } of transaction.state ?? []) {
      if (value === null) this.#state.delete(key);
      else this.#state.set(key, value);
    }
    this.#offset = transaction.offsets?.at(-1) ?? this.#offset;
  }
}
