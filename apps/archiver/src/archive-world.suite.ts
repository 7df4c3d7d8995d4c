import { event, metaOf, type TopicName } from '@paceline/contracts';
import { BlocksUnavailable, type Block, type EventBlocks } from '@paceline/domain/archiving';
import {
  OpeningLost,
  type InputRecord,
  type OffsetMark,
  type Opening,
  type OutputRecord,
  type RecordBatch,
  type Transaction,
} from '@paceline/pipeline';
import { ArchiveTask, type ArchiveObserver } from './archive-task.ts';
import type { Timers } from './timers.ts';

/** Lets everything that is ready run to its next wait. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const never = (): Promise<never> => new Promise(() => undefined);

/** What an await may end in: it goes on, the process is gone, or the partition is. */
export type Fault = 'die' | 'lose';

/** Counts the awaits of the recipe and breaks at the chosen ones. */
export class Faults {
  reached = 0;
  constructor(private readonly plan: ReadonlyMap<number, Fault>) {}

  async at(opening: FakeOpening): Promise<void> {
    this.reached += 1;
    const fault = this.plan.get(this.reached);
    if (fault === undefined) return;
    opening.end();
    if (fault === 'lose') throw new OpeningLost(`lost at await ${this.reached}`);
    await never();
  }
}

/** The committed truth of one partition: survives every fault. */
export class FakeLog {
  readonly committed = new Map<TopicName, OffsetMark>();
  readonly letters: OutputRecord[] = [];
  readonly records = new Map<TopicName, readonly InputRecord[]>();

  constructor(counts: Readonly<Partial<Record<TopicName, number>>>) {
    for (const [name, count] of Object.entries(counts)) {
      const topic = name as TopicName;
      this.committed.set(topic, { topic, offset: 0, metadata: '' });
      this.records.set(
        topic,
        Array.from({ length: count }, (_, index) => recordOf(topic, index * 2)),
      );
    }
  }

  apply({ offsets = [], outputs }: Transaction): void {
    for (const mark of offsets) this.committed.set(mark.topic, mark);
    this.letters.push(...outputs);
  }
}

/** Offsets are even: the odd ones stand for control records. Every eleventh record cannot be decoded. */
function recordOf(topic: TopicName, offset: number): InputRecord {
  const base = { topic, partition: 1, offset, key: 'k', headers: {}, timestampMs: 1_795_000_000_000 + offset };
  if (offset % 22 === 20) return { ...base, kind: 'poison', reason: 'not Avro', rawKey: null, rawValue: Buffer.from([offset]) };
  const meta = metaOf('BatchProgressed', { natural: [topic, offset], at: 1_795_000_000_000_000 + offset, correlationId: 'b' });
  return {
    ...base,
    kind: 'event',
    event: event('BatchProgressed', { meta, batchId: 'b', account: 'demo', rows: offset, admitted: 0, refused: 0 }),
  };
}

export class FakeOpening implements Opening {
  readonly group = 'paceline-archiver';
  readonly partition = 1;
  readonly epoch = 1;
  readonly state = new Map<string, string>();
  readonly committed: ReadonlyMap<TopicName, OffsetMark>;
  readonly paused = new Set<TopicName>();
  readonly #end = new AbortController();
  readonly ended: AbortSignal = this.#end.signal;

  constructor(
    private readonly log: FakeLog,
    private readonly faults: Faults,
  ) {
    this.committed = new Map(log.committed);
  }

  async commit(transaction: Transaction): Promise<void> {
    await this.faults.at(this);
    if (this.ended.aborted) throw new OpeningLost('the opening has ended');
    this.log.apply(transaction);
    await this.faults.at(this);
  }

  endOffset(): Promise<number> {
    return Promise.reject(new Error('not asked by the archiver'));
  }

  pause(topic: TopicName): void {
    this.paused.add(topic);
  }

  resume(topic: TopicName): void {
    this.paused.delete(topic);
  }

  end(): void {
    this.#end.abort();
  }
}

/** Stores a token once, and remembers when one came again with other rows: those would be lost in silence. */
export class FakeBlocks implements EventBlocks {
  readonly stored = new Map<string, Block>();
  readonly broken: string[] = [];
  failures = 0;
  refusal: Error = new BlocksUnavailable('down');

  constructor(public faults: { at(opening: FakeOpening): Promise<void> }) {}

  opening: FakeOpening | null = null;

  async insertBlock(block: Block, token: string): Promise<void> {
    const opening = this.opening;
    if (opening === null) throw new Error('no opening');
    await this.faults.at(opening);
    if (this.failures > 0) {
      this.failures -= 1;
      throw this.refusal;
    }
    const before = this.stored.get(token);
    if (before === undefined) this.stored.set(token, block);
    else if (JSON.stringify(before) !== JSON.stringify(block)) this.broken.push(token);
    await this.faults.at(opening);
  }

  /** Offsets of a topic that are stored, with repetitions. */
  offsetsOf(topic: TopicName): number[] {
    return [...this.stored.values()].flatMap(({ events }) => events.filter((row) => row.topic === topic).map(({ offset }) => offset));
  }
}

/** Time passes when a spec says so. */
export class FakeTimers implements Timers {
  readonly waits: number[] = [];
  #due: (() => void)[] = [];

  after(_milliseconds: number, action: () => void): () => void {
    this.#due.push(action);
    return () => (this.#due = this.#due.filter((each) => each !== action));
  }

  wait(milliseconds: number, until: AbortSignal): Promise<void> {
    this.waits.push(milliseconds);
    return new Promise((resolve) => {
      until.addEventListener('abort', () => resolve());
      this.#due.push(resolve);
    });
  }

  fire(): void {
    const due = this.#due;
    this.#due = [];
    for (const action of due) action();
  }
}

export class CountingObserver implements ArchiveObserver {
  began = 0;
  ended = 0;
  readonly failures: { needsPerson: boolean; retryInMs: number }[] = [];

  begin(): { end(): void } {
    this.began += 1;
    return { end: () => void (this.ended += 1) };
  }

  stored(): void {
    // Counted by the blocks themselves.
  }

  failed({ needsPerson, retryInMs }: { readonly needsPerson: boolean; readonly retryInMs: number }): void {
    this.failures.push({ needsPerson, retryInMs });
  }
}

export interface World {
  readonly log: FakeLog;
  readonly blocks: FakeBlocks;
  readonly timers: FakeTimers;
  readonly observer: CountingObserver;
  readonly unexplained: unknown[];
}

export const worldOf = (counts: Readonly<Partial<Record<TopicName, number>>>): World => ({
  log: new FakeLog(counts),
  blocks: new FakeBlocks({ at: () => Promise.resolve() }),
  timers: new FakeTimers(),
  observer: new CountingObserver(),
  unexplained: [],
});

export function openTask(world: World, faults: Faults, blockRows = 8): { task: ArchiveTask; opening: FakeOpening } {
  const opening = new FakeOpening(world.log, faults);
  world.blocks.opening = opening;
  world.blocks.faults = faults;
  const { blocks, timers, observer } = world;
  const clock = { wallMicros: () => 1_795_000_000_000_000, monotonicMs: () => 0 };
  const fail = (error: unknown): void => void world.unexplained.push(error);
  return { opening, task: new ArchiveTask({ opening, blocks, clock, timers, observer, blockRows, flushMs: 1_000, fail }) };
}

/** Everything from the committed offsets on, `size` records at a time, topics in turn; null when all that is left is paused. */
export function* batchesOf(log: FakeLog, size: number, paused: ReadonlySet<TopicName> = new Set()): Generator<RecordBatch | null> {
  const rest = new Map(
    [...log.records].map(([topic, all]) => [topic, all.filter(({ offset }) => offset >= (log.committed.get(topic)?.offset ?? 0))]),
  );
  while ([...rest.values()].some((records) => records.length > 0)) {
    const open = [...rest].filter(([topic, records]) => records.length > 0 && !paused.has(topic));
    if (open.length === 0) yield null;
    for (const [topic, waiting] of open) {
      const records = waiting.splice(0, size);
      yield { topic, partition: 1, records, nextOffset: (records.at(-1)?.offset ?? 0) + 2 };
    }
  }
}

/** The task takes everything there is without any time passing. */
export async function takeAll({ task }: { readonly task: ArchiveTask }, log: FakeLog, size = 50): Promise<void> {
  for (const batch of batchesOf(log, size)) if (batch !== null) await task.handle(batch);
}
