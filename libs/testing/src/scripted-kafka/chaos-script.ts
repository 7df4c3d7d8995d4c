import { type ApiName } from './api.ts';
import { kafkaError } from './error-codes.ts';
import { type Action, applyThenDropConnection, applyThenRespondWith, dropConnectionBeforeApply, respondWith } from './faults.ts';
import { type ReceivedRequest } from './received-request.ts';
import { type ScriptedKafka } from './scripted-kafka.ts';

/** Numbers from 0 to 1, always the same ones for a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const oneOf = <T>(items: readonly T[], random: () => number): T => {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to choose from');
  return item;
};

export interface ChaosOptions {
  readonly topic: string;
  readonly partitions: number;
  /** Transactional id and group: their coordinators move. */
  readonly coordinated: readonly string[];
  /** Of all requests that may fail, so many do. */
  readonly faults: number;
  /** So many brokers freeze; each one costs the client a look at the others. */
  readonly freezes: number;
}

const coordinatorCodes = [
  kafkaError.concurrentTransactions,
  kafkaError.coordinatorLoadInProgress,
  kafkaError.coordinatorNotAvailable,
  kafkaError.notCoordinator,
];
const transient: Partial<Record<ApiName, readonly number[]>> = {
  Produce: [kafkaError.notEnoughReplicas, kafkaError.notLeaderOrFollower, kafkaError.concurrentTransactions],
  InitProducerId: coordinatorCodes,
  AddPartitionsToTxn: coordinatorCodes,
  AddOffsetsToTxn: coordinatorCodes,
  TxnOffsetCommit: coordinatorCodes,
  EndTxn: coordinatorCodes,
  FindCoordinator: [kafkaError.coordinatorNotAvailable],
  Metadata: [kafkaError.leaderNotAvailable],
};
/** The broker did it and says that it may not have. */
const late: Partial<Record<ApiName, readonly number[]>> = {
  Produce: [kafkaError.notEnoughReplicasAfterAppend, kafkaError.requestTimedOut],
  AddPartitionsToTxn: [kafkaError.coordinatorNotAvailable],
  AddOffsetsToTxn: [kafkaError.coordinatorNotAvailable],
  TxnOffsetCommit: [kafkaError.requestTimedOut],
  EndTxn: [kafkaError.coordinatorNotAvailable],
};

/**
 * Faults that a producer must survive, chosen by a random number at each request: errors before and after the effect,
 * closed connections, leaders and coordinators that move, brokers that stop and come back or freeze and thaw.
 */
export class ChaosScript {
  #left: number;
  #freezes: number;
  #away: number | null = null;
  #awayUntil = 0;

  constructor(
    private readonly cluster: ScriptedKafka,
    private readonly options: ChaosOptions,
    private readonly random: () => number,
  ) {
    this.#left = options.faults;
    this.#freezes = options.freezes;
    cluster.onRequest({ times: Infinity, where: (request) => this.#strikes(request) }, (exchange) =>
      this.#action(exchange.request)(exchange),
    );
  }

  /** No more faults; who is away comes back. */
  async end(): Promise<void> {
    this.#left = 0;
    await this.#comeBack();
  }

  #strikes({ api, order }: ReceivedRequest): boolean {
    if (this.#away !== null && order >= this.#awayUntil) return true;
    if (this.#left <= 0 || api === 'ApiVersions' || this.random() > 0.3) return false;
    this.#left -= 1;
    return true;
  }

  #action({ api, order }: ReceivedRequest): Action {
    if (this.#away !== null && order >= this.#awayUntil) return this.#afterwards(() => this.#comeBack());
    const choices: Action[] = [
      dropConnectionBeforeApply,
      applyThenDropConnection,
      this.#afterwards(() => this.#move()),
      (exchange) => {
        exchange.apply();
        this.#move();
        exchange.drop();
      },
      ...(transient[api] ?? []).map((code) => respondWith(code)),
      ...(late[api] ?? []).map((code) => applyThenRespondWith(code)),
    ];
    if (this.#away === null) choices.push(this.#stop);
    if (this.#away === null && this.#freezes > 0) choices.push(this.#freeze, this.#freeze);
    return oneOf(choices, this.random);
  }

  /** The request is worked on by the rules as they are after the event. */
  #afterwards =
    (event: () => void | Promise<void>): Action =>
    async (exchange) => {
      await event();
      exchange.reply();
    };

  #move(): void {
    const { topic, partitions, coordinated } = this.options;
    const to = oneOf(this.#present(), this.random);
    if (this.random() < 0.5) this.cluster.moveLeader(topic, Math.floor(this.random() * partitions), to);
    else this.cluster.moveCoordinator(oneOf(coordinated, this.random), to);
  }

  /** With the request that it has, done or not; others take over at once. */
  #stop: Action = async (exchange) => {
    if (this.random() < 0.5) exchange.apply();
    this.#leave(exchange.request);
    await this.cluster.stopBroker(exchange.request.broker);
  };

  #freeze: Action = (exchange) => {
    if (this.random() < 0.5) exchange.apply();
    this.#freezes -= 1;
    this.#leave(exchange.request);
    this.cluster.freezeBroker(exchange.request.broker);
    this.cluster.fenceBroker(exchange.request.broker);
    exchange.reply();
  };

  #leave({ broker, order }: ReceivedRequest): void {
    this.#away = broker;
    this.#awayUntil = order + 10 + Math.floor(this.random() * 20);
  }

  async #comeBack(): Promise<void> {
    const broker = this.#away;
    this.#away = null;
    if (broker === null) return;
    this.cluster.thawBroker(broker);
    await this.cluster.startBroker(broker);
  }

  #present(): number[] {
    return this.cluster.brokers.map((_, at) => at + 1).filter((id) => id !== this.#away);
  }
}
