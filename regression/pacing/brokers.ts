// The brokers of a run, one or three: each is a process that can be killed, frozen, stopped and started again by its number.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clusterOf, coordinatorTypes, LogOffsets, type KafkaConnection } from '@paceline/adapter-kafka';
import { partitionsOf, type TopicName } from '@paceline/contracts';
import { KafkaCluster, readRunFile, startService, stopService, type BrokerCount, type BrokerNumber } from '@paceline/local';
import { eventually } from '@paceline/testing';
import { LeaderMoves } from './leader-moves.ts';

export interface BrokersPlace {
  readonly dataDir: string;
  readonly count: BrokerCount;
  readonly addresses: string;
  readonly kafka: KafkaConnection;
}

export class Brokers {
  readonly #cluster: KafkaCluster;

  constructor(private readonly place: BrokersPlace) {
    this.#cluster = new KafkaCluster(place.dataDir, place.addresses, () => Promise.resolve());
  }

  get numbers(): readonly BrokerNumber[] {
    return this.place.count === 1 ? [1] : [1, 2, 3];
  }

  kill(n: BrokerNumber): Promise<void> {
    return this.#cluster.kill(n);
  }

  /** Resolves when it answers again. */
  start(n: BrokerNumber): Promise<void> {
    return this.#cluster.start(n);
  }

  /** In order, as a deployment does, and again. */
  async restart(n: BrokerNumber): Promise<void> {
    await this.#cluster.stop(n);
    await this.#cluster.start(n);
  }

  freeze(n: BrokerNumber): Promise<void> {
    return this.#cluster.freeze(n);
  }

  thaw(n: BrokerNumber): Promise<void> {
    return this.#cluster.thaw(n);
  }

  /** All of them at the same time, in order. */
  async restartAll(): Promise<void> {
    const names = this.#names();
    await Promise.all(names.map((name) => stopService(this.place.dataDir, name)));
    await Promise.all(names.map((name) => startService(this.place.dataDir, name)));
  }

  /** While the work lasts nobody gets an answer of any broker; connections stay. */
  async withAllFrozen(work: () => Promise<void>): Promise<void> {
    const run = await readRunFile(this.place.dataDir);
    const names = this.#names();
    const pids = (run?.processes ?? []).filter(({ name }) => names.includes(name)).map(({ pid }) => pid);
    if (pids.length !== names.length) throw new Error('not every broker is on record');
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      await work();
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
  }

  /** Every broker answers and names all. */
  async whole(): Promise<void> {
    await eventually('every broker is there', () => this.#cluster.isWhole(), 120_000);
  }

  /** Moves leaders one after the other, a second apart, round and round; resolves with how many have really moved. */
  async moveLeaders(topics: readonly TopicName[], moves: number): Promise<number> {
    const leaders = new LeaderMoves(this.place.kafka);
    await leaders.start();
    let moved = 0;
    try {
      for (let n = 0; n < moves; n += 1) {
        const { from, to } = await leaders.move(
          topics[n % topics.length] ?? 'paceline.slots',
          Math.floor(n / topics.length) % partitionsOf.request,
        );
        if (from !== to) moved += 1;
        await pause(1_000);
      }
    } finally {
      await leaders.stop();
    }
    return moved;
  }

  /** Who coordinates a group. */
  async coordinatorOf(groupId: string): Promise<BrokerNumber> {
    const cluster = clusterOf(this.place.kafka.kafka);
    await cluster.connect();
    try {
      await cluster.refreshMetadata();
      const { nodeId } = await cluster.findGroupCoordinator({ groupId, coordinatorType: coordinatorTypes.group });
      return nodeId as BrokerNumber;
    } finally {
      await cluster.disconnect();
    }
  }

  /** Who leads the partition of the topic that has had the most records. */
  async leaderOfBusiest(topic: TopicName): Promise<BrokerNumber> {
    const offsets = new LogOffsets(this.place.kafka.kafka);
    await offsets.connect();
    try {
      const ends = await offsets.stableEnds(await offsets.partitionsOf([topic]));
      const [busiest] = ends.toSorted((a, b) => b.high - a.high);
      if (busiest === undefined) throw new Error(`${topic} has no partition`);
      const leaders = await offsets.leaders([busiest.at]);
      return [...leaders.values()][0]?.leader as BrokerNumber;
    } finally {
      await offsets.close();
    }
  }

  /** Who decides elections. Brokers name anybody when asked; the quorum's own files tell. */
  controller(): BrokerNumber {
    const leaders = this.#names().map((name) => {
      const file = join(this.place.dataDir, name, 'log', '__cluster_metadata-0', 'quorum-state');
      return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { leaderId: number; leaderEpoch: number }) : null;
    });
    const [newest] = leaders.filter((leader) => leader !== null).toSorted((a, b) => b.leaderEpoch - a.leaderEpoch);
    if (newest === undefined || newest.leaderId < 1) throw new Error('no controller is on record');
    return newest.leaderId as BrokerNumber;
  }

  #names(): readonly string[] {
    return this.place.count === 1 ? ['kafka'] : this.numbers.map((n) => `kafka-${n}`);
  }
}
