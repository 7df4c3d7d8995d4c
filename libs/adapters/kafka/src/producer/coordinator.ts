import { ask, type ClientBroker, type ClientCluster } from '../client-cluster.ts';
import type { Witnesses } from '../witnesses.ts';
import { coordinatorVerdict, KafkaRefusal, nameOfCode } from './error-codes.ts';
import { answerWhile, tryUntilDone, type Patience } from './patience.ts';

export interface CoordinatorOf {
  readonly groupId: string;
  readonly coordinatorType: number;
}

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

function codesIn({ errorCode, errors = [], topics = [], responses = [] }: Coded): readonly number[] {
  const added = errors.flatMap(({ partitionErrors }) => partitionErrors);
  const codes = [...added, ...[...topics, ...responses].flatMap(({ partitions }) => partitions)].map((part) => part.errorCode);
  return errorCode === undefined ? codes : [errorCode, ...codes];
}

/**
 * The broker that coordinates one transactional id or one group, wherever it is at the moment. It is remembered until it
 * gives the part away, fails, or falls silent: asking who it is before each request is nearly half of what a transaction
 * would send.
 */
export class Coordinator {
  #nodeId: number | null = null;

  constructor(
    private readonly cluster: ClientCluster,
    private readonly of: CoordinatorOf,
  ) {}

  /** Whoever answered last is still named by another broker. */
  isConfirmed(witnesses: Pick<Witnesses, 'confirmCoordinator'>): Promise<boolean> {
    return this.#nodeId === null ? Promise.resolve(false) : witnesses.confirmCoordinator(this.of, this.#nodeId);
  }

  /** The next request goes to whoever the cluster names then. */
  forget(): void {
    this.#nodeId = null;
  }

  /** Repeats the request until it is carried out. Only for requests that may be carried out twice. */
  async ask<Answer extends Coded>(api: string, fields: object, patience: Patience): Promise<Answer> {
    let done: Answer | undefined;
    await tryUntilDone(async () => {
      const outcome = await this.#try<Answer>(api, fields, patience.closed);
      if (outcome instanceof Error) return outcome;
      done = outcome;
      return null;
    }, patience);
    if (done === undefined) throw new Error(`${api}: no answer`);
    return done;
  }

  async #try<Answer extends Coded>(api: string, fields: object, closed: AbortSignal): Promise<Answer | Error> {
    let answer: Answer;
    try {
      const broker = await this.#find();
      answer = await answerWhile(ask<Answer>(broker, api, fields), () => this.#hasMoved(broker), closed);
    } catch (error) {
      this.#nodeId = null;
      return error as Error;
    }
    const { verdict, code } = coordinatorVerdict(codesIn(answer));
    if (verdict === 'done') return answer;
    if (verdict === 'refused') throw new KafkaRefusal(code, api);
    if (verdict === 'moved') this.#nodeId = null;
    return new Error(`${api}: ${nameOfCode(code)}`);
  }

  async #find(): Promise<ClientBroker> {
    if (this.#nodeId !== null) return this.cluster.findBroker({ nodeId: this.#nodeId });
    const broker = await this.cluster.findGroupCoordinator(this.of);
    this.#nodeId = broker.nodeId;
    return broker;
  }

  async #hasMoved({ nodeId }: ClientBroker): Promise<boolean> {
    return (await this.cluster.findGroupCoordinator(this.of)).nodeId !== nodeId;
  }
}
