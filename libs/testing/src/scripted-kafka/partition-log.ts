import { kafkaError } from './error-codes.ts';
import { type DecodedRecord, type RecordBatch } from './record-batch.ts';

/** What has become of a batch: `plain` is not of a transaction, `open` of one that has not ended. */
export type BatchOutcome = 'plain' | 'open' | 'committed' | 'aborted';

/** A batch in the log of a partition. */
export interface LoggedBatch {
  readonly baseOffset: number;
  readonly producerId: number;
  readonly epoch: number;
  readonly baseSequence: number;
  readonly count: number;
  readonly transactional: boolean;
  readonly values: readonly (string | null)[];
  readonly records: readonly DecodedRecord[];
  readonly outcome: BatchOutcome;
}

export interface AppendResult {
  readonly errorCode: number;
  readonly offset: number;
}

interface RememberedBatch {
  readonly first: number;
  readonly last: number;
  readonly offset: number;
}

interface ProducerState {
  readonly epoch: number;
  /** The last five of this epoch, oldest first: what a broker recognises again. */
  readonly batches: readonly RememberedBatch[];
}

const maxSequence = 2 ** 31 - 1;
const remembered = 5;

/** Sequence numbers begin again at 0 after 2^31 - 1. */
const addSequence = (sequence: number, increment: number): number => (sequence + increment) % (maxSequence + 1);

const refused = (errorCode: number): AppendResult => ({ errorCode, offset: -1 });

/** One partition as its leader keeps it. Replicated without loss: a new leader knows all of it, producers included. */
export class PartitionLog {
  readonly #batches: LoggedBatch[] = [];
  readonly #producers = new Map<number, ProducerState>();
  #end = 0;

  get end(): number {
    return this.#end;
  }

  /** The end for a read_committed consumer: the first offset of the oldest open transaction. */
  get lastStableOffset(): number {
    return this.#batches.find(({ outcome }) => outcome === 'open')?.baseOffset ?? this.#end;
  }

  get batches(): readonly LoggedBatch[] {
    return this.#batches;
  }

  get committedValues(): readonly (string | null)[] {
    const stable = this.lastStableOffset;
    return this.#batches.filter(({ outcome, baseOffset }) => outcome !== 'aborted' && baseOffset < stable).flatMap(({ values }) => values);
  }

  hasOpenTransaction({ producerId, producerEpoch }: Pick<RecordBatch, 'producerId' | 'producerEpoch'>): boolean {
    return this.#batches.some((one) => one.outcome === 'open' && one.producerId === producerId && one.epoch === producerEpoch);
  }

  append(batch: RecordBatch): AppendResult {
    if (batch.producerId < 0) return this.#write(batch);
    const known = this.#producers.get(batch.producerId);
    const last = addSequence(batch.baseSequence, batch.records.length - 1);
    if (known !== undefined) {
      if (batch.producerEpoch < known.epoch) return refused(kafkaError.invalidProducerEpoch);
      const before = this.#sameBatch(known, batch, last);
      if (before !== undefined) return { errorCode: kafkaError.none, offset: before.offset };
      if (batch.baseSequence !== this.#expected(known, batch)) return refused(kafkaError.outOfOrderSequenceNumber);
    }
    const written = this.#write(batch);
    const earlier = known?.epoch === batch.producerEpoch ? known.batches : [];
    const batches = [...earlier, { first: batch.baseSequence, last, offset: written.offset }].slice(-remembered);
    this.#producers.set(batch.producerId, { epoch: batch.producerEpoch, batches });
    return written;
  }

  /** The marker that ends a transaction here. One of a newer epoch fences the producer and forgets its sequence. */
  endTransaction(producer: { readonly producerId: number; readonly producerEpoch: number }, commit: boolean): void {
    const { producerId, producerEpoch } = producer;
    for (const [at, batch] of this.#batches.entries()) {
      if (batch.outcome !== 'open' || batch.producerId !== producerId) continue;
      this.#batches[at] = { ...batch, outcome: commit ? 'committed' : 'aborted' };
    }
    const known = this.#producers.get(producerId);
    if (known === undefined || known.epoch < producerEpoch) this.#producers.set(producerId, { epoch: producerEpoch, batches: [] });
    this.#end += 1;
  }

  /** As after `deleteRecords` or the expiry of producer ids: the next batch may have any sequence. */
  forgetProducer(producerId: number): void {
    this.#producers.delete(producerId);
  }

  #sameBatch(known: ProducerState, batch: RecordBatch, last: number): RememberedBatch | undefined {
    if (known.epoch !== batch.producerEpoch) return undefined;
    return known.batches.find((one) => one.first === batch.baseSequence && one.last === last);
  }

  /** A new epoch begins at 0; so does an epoch of which only a marker is known. */
  #expected(known: ProducerState, batch: RecordBatch): number {
    const latest = known.epoch === batch.producerEpoch ? known.batches.at(-1) : undefined;
    return latest === undefined ? 0 : addSequence(latest.last, 1);
  }

  #write({ producerId, producerEpoch, baseSequence, transactional, records }: RecordBatch): AppendResult {
    const baseOffset = this.#end;
    this.#batches.push({
      baseOffset,
      producerId,
      epoch: producerEpoch,
      baseSequence,
      count: records.length,
      transactional,
      values: records.map(({ value }) => value),
      records,
      outcome: transactional ? 'open' : 'plain',
    });
    this.#end += records.length;
    return { errorCode: kafkaError.none, offset: baseOffset };
  }
}
