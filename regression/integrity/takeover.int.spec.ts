// What an owner does when its commit, its partition or its records are not as they should be.
import { rmSync } from 'node:fs';
import { KafkaLogReader, type GroupConsumer } from '@paceline/adapter-kafka';
import type { TopicName } from '@paceline/contracts';
import { OpeningLost } from '@paceline/pipeline';
import { eventually, QuietLogger } from '@paceline/testing';
import { CopyBench, partitions } from './copy-bench.ts';
import { startCopier } from './copying.ts';
import { failingConnection, type CommitFault } from './failing-connection.ts';

describe('a partition task', () => {
  let bench: CopyBench;
  const copiers: GroupConsumer[] = [];
  const start = async (options: Partial<Parameters<typeof startCopier>[0]> = {}): Promise<GroupConsumer> => {
    const copier = await startCopier({ connection: bench.connection, topics: bench.topics, stateDir: bench.stateDir, ...options });
    copiers.push(copier);
    return copier;
  };
  afterEach(async () => {
    for (const copier of copiers.splice(0)) await copier.stop().catch(() => undefined);
    await bench.dispose();
  });

  it.each<CommitFault>(['answer-lost', 'request-lost'])(
    'doubles and loses nothing when the end of commits is unknown (%s)',
    async (fault) => {
      bench = await CopyBench.create('unknown');
      let commits = 0;
      const logger = new QuietLogger();
      const connection = failingConnection(bench.connection, () => ((commits += 1) % 3 === 0 ? fault : 'none'));
      await start({ connection, logger });
      for (let round = 0; round < 8; round += 1) await bench.feed(50);
      expect(await bench.verdict()).toEqual({ doubled: 0, lost: 0 });
      expect(logger.lines.filter((line) => line.includes('reopens')).length).toBeGreaterThan(0);
    },
  );

  it('gives up its work when a newer owner has fenced it', async () => {
    bench = await CopyBench.create('fenced');
    const outcomes: string[] = [];
    let fence = true;
    await start({
      beforeCommit: async ({ partition }) => {
        if (!fence) return;
        fence = false;
        const rival = bench.connection.kafka.producer({
          transactionalId: `${bench.topics.group}-${partition}`,
          idempotent: true,
          maxInFlightRequests: 1,
        });
        await rival.connect();
        await (await rival.transaction()).abort();
        await rival.disconnect();
        outcomes.push('fenced');
      },
    });
    await bench.feed(200);
    expect(await bench.verdict()).toEqual({ doubled: 0, lost: 0 });
    expect(outcomes).toEqual(['fenced']);
    expect(new OpeningLost('x').name).toBe('OpeningLost');
  });

  it('commits at once what is larger than a broker takes in one batch', async () => {
    bench = await CopyBench.create('large');
    const logger = new QuietLogger();
    await start({ logger, ballast: Array.from({ length: 700 }, (_, n) => ({ key: `ballast-${n}`, value: 'x'.repeat(2_000) })) });
    await bench.feed(20);
    expect(await bench.verdict()).toEqual({ doubled: 0, lost: 0 });
    expect(logger.lines.filter((line) => line.includes('reopens'))).toEqual([]);
  });

  it('stays a member while all its partitions are paused longer than a session', async () => {
    bench = await CopyBench.create('paused');
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const logger = new QuietLogger();
    await start({ logger, inboxBound: 10, beforeCommit: () => held });
    await bench.feed(2_000);
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    release();
    expect(await bench.verdict()).toEqual({ doubled: 0, lost: 0 });
    expect(logger.lines.filter((line) => /reopens|not aware of this member/.test(line))).toEqual([]);
  });

  it('moves past poison records and keeps each as a dead letter', async () => {
    bench = await CopyBench.create('poison');
    await start();
    await bench.feed(20);
    await bench.feedPoison(Buffer.from('no event at all'));
    await bench.feedPoison(Buffer.from([0, 0, 0, 0x7f, 0xff, 1, 2, 3]));
    await bench.feedPoison(Buffer.from([0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff]));
    await bench.feed(20);
    expect(await bench.verdict()).toEqual({ doubled: 0, lost: 0 });
    let letters = 0;
    await new KafkaLogReader({ kafka: bench.connection, codec: bench.codec }).readToEnd([bench.topics.output], ({ event }) => {
      if (event.type === 'DeadLettered') letters += 1;
    });
    expect(letters).toBe(3 * partitions);
  });

  it('does not start when a topic is missing, and says which', async () => {
    bench = await CopyBench.create('missing');
    const topics = { ...bench.topics, input: 'copy.absent' as TopicName };
    await expect(start({ topics })).rejects.toThrow(/copy\.absent does not exist.*topics apply/);
  });

  it('stops the service when its committed offset is gone, instead of starting again from somewhere', async () => {
    bench = await CopyBench.create('lost-offset');
    const topics = { ...bench.topics, group: `${bench.topics.group}-forgotten` };
    let fatal: Error | null = null;
    await bench.feed(5);
    await start({ topics, onFatal: (error) => (fatal ??= error) });
    await eventually('the group gives up', () => fatal !== null, 20_000);
    expect(String(fatal)).toMatch(/committed offset of copy\..*is missing.*a person must decide/s);
    rmSync(bench.stateDir, { recursive: true, force: true });
  });
});
