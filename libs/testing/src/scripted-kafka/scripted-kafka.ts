import { setTimeout as delay } from 'node:timers/promises';
import { ClusterState, type TopicLayout } from './cluster-state.ts';
import { Exchange } from './exchange.ts';
import { type Action, type RequestMatcher, Rule } from './faults.ts';
import { type LoggedBatch } from './partition-log.ts';
import { ReceivedRequest } from './received-request.ts';
import { host, ScriptedBroker } from './scripted-broker.ts';

export interface ScriptedKafkaOptions {
  /** 3 unless told; their ids begin at 1. */
  readonly brokers?: number;
  readonly topics: Readonly<Record<string, TopicLayout>>;
}

/** Who takes over from a broker: a broker, nobody (null), or the next listed one when nothing is told. */
export interface Succession {
  readonly successor?: number | null;
}

interface Watch {
  readonly holds: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/**
 * A small Kafka cluster on real sockets, for specs of what a producer does when brokers fail in a given order. It has the
 * rules of Kafka for idempotent and transactional producers, no disk, no replication delay and no timers: nothing
 * happens unless a client asks or the spec says so. Only a fetch takes its time, as it may; it is never answered early.
 */
export class ScriptedKafka {
  /** Every request that a broker received, in order; those of ApiVersions too. */
  readonly requests: ReceivedRequest[] = [];
  readonly #brokers: readonly ScriptedBroker[];
  readonly #state: ClusterState;
  readonly #rules: Rule[] = [];
  readonly #watches = new Set<Watch>();
  #connections = 0;
  #failure: Error | undefined;

  private constructor({ brokers = 3, topics }: ScriptedKafkaOptions) {
    this.#brokers = Array.from({ length: brokers }, (_, at) => this.#newBroker(at + 1));
    this.#state = new ClusterState(this.#brokers, topics);
  }

  static async start(options: ScriptedKafkaOptions): Promise<ScriptedKafka> {
    const cluster = new ScriptedKafka(options);
    await Promise.all(cluster.#brokers.map((broker) => broker.start()));
    return cluster;
  }

  /** `host:port` of each broker, running or not. */
  get brokers(): string[] {
    return this.#brokers.map(({ status }) => `${host}:${status.address.port}`);
  }

  /** Of all clients to all brokers. */
  get openConnections(): number {
    return this.#brokers.reduce((sum, broker) => sum + broker.openConnections, 0);
  }

  /** Closes everything; rejects with what a script threw, so that a broken script cannot pass for a quiet cluster. */
  async stop(): Promise<void> {
    await Promise.all(this.#brokers.map((broker) => broker.stop()));
    for (const watch of this.#watches) watch.reject(new Error(`the cluster stopped first:\n${this.transcript()}`));
    this.#watches.clear();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** The first rule that takes a request decides; rules are asked in the order of their making. */
  onRequest(matcher: RequestMatcher, action: Action): Rule {
    const rule = new Rule(matcher, action);
    this.#rules.push(rule);
    return rule;
  }

  /** Resolves when the predicate holds: asked now and after every request, effect and answer. */
  until(holds: () => boolean): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => this.#watches.add({ holds, resolve, reject }));
  }

  /** Closes the listener and all connections; what was not answered is lost. Others take over what it led and coordinated. */
  async stopBroker(id: number, succession: Succession = {}): Promise<void> {
    const broker = this.#broker(id);
    const stopped = broker.stop();
    this.#loseRequests(id);
    this.#state.moveAll(id, this.#successor(id, succession));
    this.#changed();
    await stopped;
  }

  /** As `stopBroker`, but the cluster notices only when the broker is fenced: it lists it, and nobody takes over. */
  async killBroker(id: number): Promise<void> {
    const killed = this.#broker(id).kill();
    this.#loseRequests(id);
    await killed;
  }

  /** On the port it had. It leads and coordinates nothing until it is told to. */
  async startBroker(id: number): Promise<void> {
    await this.#broker(id).start();
  }

  /** It accepts connections and reads, but does and answers nothing until it thaws. The cluster does not notice. */
  freezeBroker(id: number): void {
    this.#broker(id).freeze();
  }

  /** The cluster gives up on a broker, as after its session ran out: metadata omits it, others take over. */
  fenceBroker(id: number, succession: Succession = {}): void {
    this.#broker(id).fence();
    this.#state.moveAll(id, this.#successor(id, succession));
    this.#changed();
  }

  /** What a frozen broker had read is worked on in order, by the rules as they are now. */
  thawBroker(id: number): void {
    this.#broker(id).thaw();
  }

  /** null: nobody, metadata says LEADER_NOT_AVAILABLE. */
  moveLeader(topic: string, partition: number, broker: number | null): void {
    this.#state.moveLeader({ topic, partition }, broker);
    this.#changed();
  }

  /** Of a transactional id, of a group, or of both when they have the same name. */
  moveCoordinator(id: string, broker: number | null): void {
    this.#state.moveCoordinator('transaction', id, broker);
    this.#state.moveCoordinator('group', id, broker);
    this.#changed();
  }

  abortByTimeout(transactionalId: string): void {
    this.#state.transactions.abortByTimeout(transactionalId);
    this.#changed();
  }

  /** The partition no longer knows the producer, as after its records were deleted. */
  forgetProducer(topic: string, partition: number, producerId: number): void {
    this.#state.logOf(topic, partition).forgetProducer(producerId);
  }

  /** Written without a producer. */
  append(topic: string, partition: number, ...values: string[]): void {
    const records = values.map((value) => ({ key: null, value, headers: {} }));
    const producer = { producerId: -1, producerEpoch: -1, baseSequence: -1, transactional: false };
    this.#state.logOf(topic, partition).append({ ...producer, records });
    this.#changed();
  }

  /** Every batch, of aborted and open transactions too. */
  log(topic: string, partition: number): readonly LoggedBatch[] {
    return this.#state.logOf(topic, partition).batches;
  }

  /** What a read_committed consumer sees, in order: up to the first open transaction. */
  committed(topic: string, partition: number): readonly (string | null)[] {
    return this.#state.logOf(topic, partition).committedValues;
  }

  /** By `topic/partition`. */
  committedOffsets(groupId: string): Readonly<Record<string, number>> {
    return this.#state.offsets.of(groupId);
  }

  /** `unknown`, `empty`, `ongoing`, `ending commit`, `complete abort` and so on. */
  transactionState(transactionalId: string): string {
    return this.#state.transactions.stateOf(transactionalId);
  }

  /** All requests and what became of them, a line each. */
  transcript(): string {
    return this.requests.map(String).join('\n');
  }

  #newBroker(id: number): ScriptedBroker {
    return new ScriptedBroker(id, {
      nextConnection: () => (this.#connections += 1),
      changed: () => this.#changed(),
      receive: ({ api, correlationId, ...frame }, line) => {
        const request = new ReceivedRequest({ ...frame, api: api.name, order: this.requests.length });
        this.requests.push(request);
        const exchange = new Exchange({ request, api, correlationId }, this.#state, line);
        return () => void this.#workOn(exchange);
      },
    });
  }

  async #workOn(exchange: Exchange): Promise<void> {
    try {
      const rule = this.#rules.find((one) => one.takes(exchange.request));
      if (rule === undefined) return await this.#answer(exchange);
      const acted = rule.action(exchange);
      // What the action holds back is part of the state that is waited for.
      this.#changed();
      await acted;
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
      for (const watch of this.#watches) watch.reject(this.#failure);
      this.#watches.clear();
      exchange.drop();
    }
  }

  async #answer(exchange: Exchange): Promise<void> {
    const { maxWaitMs } = exchange.request.body;
    if (maxWaitMs > 0) await delay(maxWaitMs);
    exchange.reply();
  }

  #changed(): void {
    for (const watch of this.#watches) {
      if (!watch.holds()) continue;
      this.#watches.delete(watch);
      watch.resolve();
    }
  }

  #loseRequests(id: number): void {
    for (const request of this.requests) if (request.broker === id && request.fate === 'waiting') request.fate = 'lost';
  }

  #broker(id: number): ScriptedBroker {
    const broker = this.#brokers[id - 1];
    if (broker === undefined) throw new Error(`there is no broker ${id}`);
    return broker;
  }

  #successor(of: number, { successor }: Succession): number | null {
    if (successor !== undefined) return successor;
    const others = [...this.#brokers.slice(of), ...this.#brokers.slice(0, of)];
    return others.find(({ id, status }) => id !== of && status.listed)?.id ?? null;
  }
}
