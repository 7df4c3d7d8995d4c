import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { isRunning, readRunFile, startKafkaCluster, startStack, type KafkaCluster } from './index.ts';

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await holds().catch(() => false)) return;
    await delay(50);
  }
  throw new Error(`not reached: ${what}`);
}

describe('three brokers', () => {
  let cluster: KafkaCluster;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paceline-cluster-'));
    cluster = await startKafkaCluster({ folder });
  });

  afterAll(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function asked<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = new Kafka({ brokers: cluster.brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      return await question(admin);
    } finally {
      await admin.disconnect();
    }
  }

  it('are ready when each answers and names all, with a replica of a new topic on each', async () => {
    expect(await cluster.isWhole()).toBe(true);
    await asked((admin) => admin.createTopics({ topics: [{ topic: 'plain', numPartitions: 1 }], waitForLeaders: false }));
    await until('three replicas of the topic', async () => {
      const { topics } = await asked((admin) => admin.fetchTopicMetadata({ topics: ['plain'] }));
      return topics[0]?.partitions[0]?.replicas.toSorted().join() === '1,2,3';
    });
  });

  it('have one cluster id and a folder, a log file and a record each', async () => {
    const processes = (await readRunFile(folder))?.processes ?? [];
    expect(processes.map(({ name }) => name).toSorted()).toEqual(['kafka-1', 'kafka-2', 'kafka-3']);
    expect(new Set(processes.map(({ logFile }) => logFile)).size).toBe(3);
    const metas = await Promise.all(processes.map(({ cwd }) => readFile(join(cwd, 'log', 'meta.properties'), 'utf8')));
    expect(new Set(metas.map((meta) => /^cluster\.id=.*$/m.exec(meta)?.[0])).size).toBe(1);
  });

  it('one that is killed or stopped is missed by the others, and back after its start', async () => {
    const [first, second, third] = await cluster.pids();
    await cluster.kill(2);
    expect(await cluster.pids()).toEqual([first, null, third]);
    await cluster.start(2);
    expect((await cluster.pids())[1]).not.toBe(second);
    await cluster.stop(3);
    expect(await cluster.isWhole()).toBe(false);
    await cluster.start(3);
    await until('the three are back', () => cluster.isWhole());
  });

  it('one that is frozen answers again when it is thawed', async () => {
    await cluster.freeze(1);
    expect(await cluster.isWhole()).toBe(false);
    await cluster.thaw(1);
    await until('it is back', () => cluster.isWhole());
  });

  it('end with the cluster, and their folder is refused for one', async () => {
    const processes = (await readRunFile(folder))?.processes ?? [];
    await cluster.stop();
    expect(await Promise.all(processes.map(isRunning))).toEqual([false, false, false]);
    await expect(startStack({ dataDir: folder, parts: ['kafka'], given: {} })).rejects.toThrow('holds the log of three brokers');
  });
});
