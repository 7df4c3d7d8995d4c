import { placeOf, type Batch } from './batches.ts';
import { KafkaRefusal, nameOfCode, produceVerdict } from './error-codes.ts';

/** A broker's answer to Produce, by partition. */
export interface ProduceAnswer {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}

/**
 * What of one send is not acknowledged yet, kept by partition and never by broker: leaders change between two tries, and
 * what one broker answered says nothing about the batches that another one held. A batch that was acknowledged is never
 * sent again; one that was not is sent again as it was.
 */
export class Delivery {
  readonly #waiting: Map<string, Batch>;
  #refusal: Error | null = null;
  #lastFailure: Error | null = null;

  constructor(batches: readonly Batch[]) {
    this.#waiting = new Map(batches.map((batch) => [placeOf(batch), batch]));
  }

  get waiting(): readonly Batch[] {
    return [...this.#waiting.values()];
  }

  /** Why something still waits; null before the first failure. */
  get lastFailure(): Error | null {
    return this.#lastFailure;
  }

  /** Set once a broker refused a batch for good: the send has failed, whatever becomes of the rest. */
  get refusal(): Error | null {
    return this.#refusal;
  }

  /** A broker's answer to a request that held these batches; a batch that the answer leaves out goes on waiting. */
  answered(batches: readonly Batch[], answer: ProduceAnswer): void {
    const codes = new Map<string, number>();
    for (const { topicName, partitions } of answer.topics) {
      for (const { partition, errorCode } of partitions) codes.set(placeOf({ topic: topicName, partition }), errorCode);
    }
    for (const batch of batches) this.#settle(batch, codes.get(placeOf(batch)));
  }

  /** A request brought no answer: its batches may be in the log or not. */
  unanswered(failure: Error): void {
    this.#lastFailure = failure;
  }

  #settle(batch: Batch, code: number | undefined): void {
    const place = placeOf(batch);
    if (code === undefined) return this.unanswered(new Error(`${place}: the broker's answer leaves it out`));
    switch (produceVerdict(code)) {
      case 'done':
        this.#waiting.delete(place);
        return;
      case 'again':
        return this.unanswered(new Error(`${place}: ${nameOfCode(code)}`));
      default:
        this.#refusal ??= new KafkaRefusal(code, `a batch for ${place}`);
    }
  }
}
