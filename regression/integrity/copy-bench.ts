// Everything a spec does around copiers: topics, inputs, processes, and the verdict read back from the log.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitFirstOffsets, KafkaFactWriter, KafkaLogReader, type KafkaConnection } from '@paceline/adapter-kafka';
import type { Codec } from '@paceline/contracts';
import { sourceCommand } from '@paceline/local';
import type { Admin } from 'kafkajs';
import { eventually, kafkaBrokers, QuietLogger, repositoryRoot } from '@paceline/testing';
import { connect, copyTopics, note, warmCodec, type CopyTopics } from './copying.ts';

export const partitions = 4;

export interface Verdict {
  readonly doubled: number;
  readonly lost: number;
}

export class CopyBench {
  readonly topics: CopyTopics;
  readonly stateDir = mkdtempSync(join(tmpdir(), 'paceline-copy-'));
  readonly #writer: KafkaFactWriter;
  readonly #children: ChildProcess[] = [];
  #written = 0;

  private constructor(
    readonly run: string,
    readonly codec: Codec,
    readonly connection: KafkaConnection,
  ) {
    this.topics = copyTopics(run);
    this.#writer = new KafkaFactWriter({ kafka: connection, codec, logger: new QuietLogger() });
  }

  static async create(name: string): Promise<CopyBench> {
    const connection = connect(kafkaBrokers());
    const codec = await warmCodec();
    const bench = new CopyBench(`${name}-${process.pid}-${Math.floor(performance.now())}`, codec, connection);
    await bench.#createTopics();
    await bench.#writer.start();
    return bench;
  }

  /** Appends n inputs with keys that no other input has. */
  async feed(n: number): Promise<void> {
    const records = Array.from({ length: n }, () => note(this.topics.input, `row-${(this.#written += 1)}`));
    await this.#writer.write(records);
  }

  /** Appends bytes that are no event, to every partition. */
  async feedPoison(value: Buffer): Promise<void> {
    const producer = this.connection.kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const messages = Array.from({ length: partitions }, (_, partition) => ({ key: 'poison', value, partition }));
    await producer.send({ topic: this.topics.input, messages });
    await producer.disconnect();
  }

  /** Starts a copier process and waits until it has joined. */
  async spawnCopier(): Promise<ChildProcess> {
    const [node = '', ...args] = sourceCommand('regression/integrity/copier-main.ts');
    const child = spawn(node, args, {
      cwd: repositoryRoot,
      env: { PATH: process.env['PATH'], BROKERS: kafkaBrokers().join(','), RUN: this.run, STATE_DIR: this.stateDir },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#children.push(child);
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`copier ended with ${code}`))),
    ]);
    return child;
  }

  async kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  /** Waits until every input has a copy, then counts copies and the counters in the state. */
  async verdict(): Promise<Verdict> {
    let copies = new Map<string, number>();
    await eventually(`${this.#written} copies`, async () => {
      copies = await this.#copies();
      return copies.size >= this.#written;
    });
    const total = [...copies.values()].reduce((sum, n) => sum + n, 0);
    return { doubled: total - copies.size, lost: this.#written - copies.size };
  }

  /** Copies seen so far, counted per entity. */
  async #copies(): Promise<Map<string, number>> {
    const copies = new Map<string, number>();
    await new KafkaLogReader({ kafka: this.connection, codec: this.codec }).readToEnd([this.topics.output], ({ event }) => {
      if (event.type === 'ControlSet') copies.set(event.data.entity, (copies.get(event.data.entity) ?? 0) + 1);
    });
    return copies;
  }

  async dispose(): Promise<void> {
    for (const child of this.#children) {
      child.kill('SIGCONT');
      await this.kill(child);
    }
    await this.#writer.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  async #createTopics(): Promise<void> {
    const { group, input, output, state } = this.topics;
    const admin = this.connection.kafka.admin();
    await admin.connect();
    try {
      const topics = [input, output, state].map((topic) => ({ topic, numPartitions: partitions }));
      await admin.createTopics({ topics, waitForLeaders: false });
      await eventually('the topics have leaders', () => hasLeaders(admin, [input, output, state]));
      await commitFirstOffsets(this.connection, [{ groupId: group, topic: input, partitions }]);
    } finally {
      await admin.disconnect();
    }
  }
}

async function hasLeaders(admin: Admin, topics: readonly string[]): Promise<boolean> {
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] }).catch(() => null);
  return metadata?.topics.every(({ partitions: all }) => all.length === partitions && all.every(({ leader }) => leader >= 0)) ?? false;
}
