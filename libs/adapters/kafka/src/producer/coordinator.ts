import { ask, type ClientBroker, type ClientCluster, type RequestKind } from '../client-cluster.ts';
import { Witnesses, type CoordinatorOf } from '../witnesses.ts';
import { coordinatorVerdict, kafkaErrors, KafkaRefusal, nameOfCode } from './error-codes.ts';
import { answerWhile, tryUntilDone, type Patience } from './patience.ts';

type ByPartition = readonly { readonly partitions: readonly { readonly errorCode: number }[] }[];

interface Coded {
  readonly errorCode?: number;
  /** AddPartitionsToTxn. */
  readonly errors?: readonly { readonly partitionErrors: readonly { readonly errorCode: number }[] }[];
  /** TxnOffsetCommit. */
  readonly topics?: ByPartition;
  /** OffsetFetch. Its offset of a partition that has an error is -1, as if nothing were committed. */
  readonly responses?: ByPartition;
}

function partitionCodes({ errors = [], topics = [], responses = [] }: Coded): readonly number[] {
  const added = errors.flatMap(({ partitionErrors }) => partitionErrors);
  return [...added, ...[...topics, ...responses].flatMap(({ partitions }) => partitions)].map((part) => part.errorCode);
}

export interface Fields {
  readonly [name: string]: unknown;
  readonly topics?: readonly { readonly partitions: readonly unknown[] }[];
}

/** How many partitions a request is about; each has its own code in the answer. */
const partitionsIn = ({ topics = [] }: Fields): number => topics.reduce((sum, { partitions }) => sum + partitions.length, 0);

/** Worked on in a later transaction of the same producer, these would move its offsets back or end it half written. */
const outlivingTransaction: ReadonlySet<string> = new Set(['TxnOffsetCommit', 'EndTxn']);

const nameOfApi = (api: string | RequestKind): string => (typeof api === 'string' ? api : api.name);

type Tried<Answer> = { readonly answer: Answer } | { readonly failure: Error };

/**
 * The broker that coordinates one transactional id or one group, wherever it is at the moment, by the word of the others.
 * It is remembered until it gives the part away, fails, or falls silent: asking who it is before each request is nearly
 * half of what a transaction would send.
 */
export class Coordinator {
  readonly #witnesses: Witnesses;
  /** A request ended without an answer and may still be worked on in a later transaction; reset by who takes a new epoch. */
  mayOutlive = false;
  #nodeId: number | null = null;

  constructor(
    private readonly cluster: ClientCluster,
    private readonly of: CoordinatorOf,
  ) {
    this.#witnesses = new Witnesses(cluster);
  }

  /** Whoever answered last is still named by another broker. */
  async isConfirmed(): Promise<boolean> {
    return this.#nodeId !== null && (await this.#witnesses.coordinator(this.of)) === this.#nodeId;
  }

  /** The next request goes to whoever the cluster names then. */
  forget(): void {
    this.#nodeId = null;
  }

  /** Repeats the request until it is carried out. Only for requests that may be carried out twice. */
  async ask<Answer extends Coded>(api: string | RequestKind, fields: Fields, patience: Patience): Promise<Answer> {
    let done: Answer | undefined;
    await tryUntilDone(async () => {
      const tried = await this.#try<Answer>(api, fields, patience.closed);
      if ('failure' in tried) return tried.failure;
      done = tried.answer;
      return null;
    }, patience);
    if (done === undefined) throw new Error(`${nameOfApi(api)}: no answer`);
    return done;
  }

  async #try<Answer extends Coded>(api: string | RequestKind, fields: Fields, closed: AbortSignal): Promise<Tried<Answer>> {
    let answer: Answer;
    try {
      const broker = await this.#find();
      answer = await this.#answer<Answer>(broker, { api, fields, closed });
    } catch (error) {
      this.#nodeId = null;
      return { failure: error as Error };
    }
    const codes = partitionCodes(answer);
    const { verdict, code } = coordinatorVerdict([answer.errorCode ?? kafkaErrors.none, ...codes]);
    if (verdict === 'refused') throw new KafkaRefusal(code, nameOfApi(api));
    if (verdict === 'moved') this.#nodeId = null;
    if (verdict !== 'done') return { failure: new Error(`${nameOfApi(api)}: ${nameOfCode(code)}`) };
    return codes.length < partitionsIn(fields)
      ? { failure: new Error(`${nameOfApi(api)}: partitions are left out of the answer`) }
      : { answer };
  }

  async #answer<Answer>(
    broker: ClientBroker,
    { api, fields, closed }: { readonly api: string | RequestKind; readonly fields: object; readonly closed: AbortSignal },
  ): Promise<Answer> {
    try {
      return await answerWhile(ask<Answer>(broker, api, fields), () => this.#hasMoved(broker), closed);
    } catch (error) {
      if (outlivingTransaction.has(nameOfApi(api))) this.mayOutlive = true;
      throw error;
    }
  }

  /** Never by its own word: a coordinator that is cut off answers as if it still were one, a commit that it remembers included. */
  async #find(): Promise<ClientBroker> {
    if (this.#nodeId === null) {
      await this.cluster.refreshMetadataIfNecessary();
      this.#nodeId = await this.#witnesses.coordinator(this.of);
    }
    if (this.#nodeId !== null) return this.cluster.findBroker({ nodeId: this.#nodeId });
    await this.cluster.refreshMetadata();
    throw new Error(`kafka: no broker can say who coordinates ${this.of.groupId}`);
  }

  async #hasMoved({ nodeId }: ClientBroker): Promise<boolean> {
    const named = await this.#witnesses.coordinator(this.of);
    return named !== null && named !== nodeId;
  }
}
