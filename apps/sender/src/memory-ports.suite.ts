import type { Event, TopicName } from '@paceline/contracts';
import type { CallPlan, CallTwilio, Observation } from '@paceline/domain/sending';
import { OpeningLost, type Opening, type OutputRecord, type Table, type Transaction } from '@paceline/pipeline';

/** A table in memory with the port's behaviour; freshness is the test's to set. */
export class MemoryTable<E extends Event> implements Table<E> {
  readonly #entries = new Map<string, E['data']>();
  readonly #listeners = new Set<(key: string, data: E['data'] | undefined) => void>();
  fresh = true;
  freshUntil = Number.POSITIVE_INFINITY;

  set(key: string, data: E['data']): void {
    this.#entries.set(key, data);
    for (const listener of this.#listeners) listener(key, data);
  }
  get = (key: string): E['data'] | undefined => this.#entries.get(key);
  entries = (): IterableIterator<[string, E['data']]> => this.#entries.entries();
  isFresh = (): boolean => this.fresh;
  freshUntilMs = (): number => (this.fresh ? this.freshUntil : Number.NEGATIVE_INFINITY);
  onChange(listener: (key: string, data: E['data'] | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export class MemoryOpening implements Opening {
  readonly group = 'paceline-sender';
  readonly epoch = 1;
  readonly committed = new Map();
  readonly state = new Map<string, string>();
  readonly committedTransactions: Transaction[] = [];
  readonly #end = new AbortController();
  readonly ended: AbortSignal = this.#end.signal;
  /** What the next commits wait for or fail with. */
  onCommit: () => Promise<void> = () => Promise.resolve();

  constructor(
    readonly partition: number,
    private readonly trail: string[],
  ) {}

  async commit(transaction: Transaction): Promise<void> {
    await this.onCommit();
    if (this.ended.aborted) throw new OpeningLost('ended');
    this.committedTransactions.push(transaction);
    this.trail.push('commit');
  }
  end(): void {
    this.#end.abort();
  }
  endOffset = (): Promise<number> => Promise.resolve(0);
  pause = (): void => undefined;
  resume = (): void => undefined;

  outputs(topic: TopicName): OutputRecord[] {
    return this.committedTransactions.flatMap(({ outputs }) => outputs).filter((output) => output.topic === topic);
  }
}

/** Twilio as the port promises it: answers when the test says so. */
export class MemoryTwilio implements CallTwilio {
  readonly calls: { account: string; plan: CallPlan; answer: (observation: Observation) => void }[] = [];

  constructor(private readonly trail: string[]) {}

  call(account: string, plan: CallPlan): Promise<Observation> {
    this.trail.push('call');
    return new Promise((resolve) => this.calls.push({ account, plan, answer: resolve }));
  }
  prepare = (): void => undefined;

  answerAll(): void {
    for (const { answer } of this.calls.splice(0)) answer(accepted);
  }
}

export const accepted: Observation = {
  kind: 'answer',
  status: 201,
  headers: {},
  body: JSON.stringify({ sid: `SM${'1'.repeat(32)}` }),
  bodyState: 'complete',
  bytesWritten: 300,
};
