import { FiringLine } from './firing-line.ts';
import { noCheckpoint } from './checkpoint.ts';
import { OwnedPartitions } from './owned-partitions.ts';
import { RecentLatencies } from './recent-latencies.ts';
import { ResponseOutbox } from './response-outbox.ts';
import { ManualTime, settle } from './manual-time.suite.ts';

describe('the firing line', () => {
  it('fires in order, never early, all that is due when a tick comes late', async () => {
    const time = new ManualTime();
    const line = new FiringLine(time.clock, time.scheduler);
    const fired: string[] = [];
    const add = (name: string, inMs: number) => {
      const dueMs = time.monotonic + inMs;
      line.add({ dueMs, fire: () => void fired.push(`${name}${time.monotonic >= dueMs ? '' : ' early'}`) });
    };
    add('c', 30.5);
    add('a', 10.2);
    add('b', 10.7);
    await time.advance(10);
    expect(fired).toEqual([]);
    await time.advance(5);
    expect(fired).toEqual(['a', 'b']);
    await time.advance(50);
    expect([fired, line.size]).toEqual([['a', 'b', 'c'], 0]);
  });

  it('does not fire what was taken out', async () => {
    const time = new ManualTime();
    const line = new FiringLine(time.clock, time.scheduler);
    const entry = { dueMs: time.monotonic + 5, fire: () => expect(true).toBe(false) };
    line.add(entry);
    expect(line.remove(() => true)).toEqual([entry]);
    await time.advance(10);
  });
});

describe('the outbox', () => {
  const record = { topic: 'paceline.responses', key: 'r', event: {} } as never;

  it('writes together what comes within the linger, and tries until it is written', async () => {
    const time = new ManualTime();
    const writes: number[] = [];
    let failures = 1;
    const facts = {
      write: (records: readonly unknown[]) => {
        if (failures-- > 0) return Promise.reject(new Error('away'));
        return Promise.resolve(void writes.push(records.length));
      },
    };
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const outbox = new ResponseOutbox({ facts, scheduler: time.scheduler, checkpoint: noCheckpoint, logger, lingerMs: 50 });
    await outbox.flush();
    outbox.add(record);
    outbox.add(record);
    await time.advance(50);
    expect(writes).toEqual([]);
    outbox.add(record);
    await time.advance(250);
    await settle();
    expect(writes).toEqual([2, 1]);
    outbox.add(record);
    await outbox.flush();
    expect(writes).toEqual([2, 1, 1]);
  });
});

describe('small parts', () => {
  it('a newer opening keeps its partition when the older one ends', () => {
    const owned = new OwnedPartitions(4);
    owned.take(1, 1);
    owned.take(1, 2);
    owned.giveUp(1, 1);
    expect(owned.entries()).toEqual([{ partition: 1, epoch: 2 }]);
  });

  it('p90 follows the recent answers', () => {
    const latencies = new RecentLatencies();
    expect(latencies.p90('demo')).toBeNull();
    for (let ms = 1; ms <= 300; ms += 1) latencies.add('demo', ms, ms);
    expect(latencies.p90('demo')).toBe(275);
  });

  it('the mean is of each account, and unknown before its first answer', () => {
    const latencies = new RecentLatencies();
    for (const ms of [100, 200, 600]) latencies.add('demo', ms, ms);
    expect([latencies.mean('demo'), latencies.mean('other')]).toEqual([300, null]);
  });
});
