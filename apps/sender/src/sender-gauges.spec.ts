import type { OutputRecord } from '@paceline/pipeline';
import { ManualTime, settle } from './manual-time.suite.ts';
import { OwnedPartitions } from './owned-partitions.ts';
import { SenderGauges } from './sender-gauges.ts';

describe('the gauges of a sender', () => {
  let time: ManualTime;
  let owned: OwnedPartitions;
  let calls: Record<string, number>;
  let told: string[];

  beforeEach(async () => {
    time = new ManualTime();
    owned = new OwnedPartitions(4);
    calls = {};
    told = [];
    const facts = {
      write: (records: readonly OutputRecord[]): Promise<void> => {
        for (const { event } of records) {
          if (event.type === 'SenderGauged') told.push(`${event.data.account}/${event.data.partition}=${event.data.inFlight}`);
        }
        return Promise.resolve();
      },
    };
    const runner = {
      inFlight: (partition: number, account: string) => (partition === 0 ? (calls[account] ?? 0) : 0),
      latencyP90: () => null,
      latencyMean: () => null,
    };
    await new SenderGauges({
      accounts: ['a', 'b'],
      owned,
      runner,
      facts,
      clock: time.clock,
      scheduler: time.scheduler,
      sender: 's',
    }).start();
  });

  async function after(ms: number): Promise<readonly string[]> {
    await time.advance(ms);
    await settle();
    return told.splice(0);
  }

  it('tell nothing while no partition is owned', async () => {
    expect(await after(2_000)).toEqual([]);
  });

  it('tell all accounts of a partition at the first turn after it was taken', async () => {
    owned.take(0, 1);
    expect(await after(500)).toEqual(['a/0=0', 'b/0=0']);
    owned.take(1, 1);
    expect(await after(500)).toEqual(['a/0=0', 'b/0=0', 'a/1=0', 'b/1=0']);
    owned.take(1, 2);
    expect(await after(500)).toHaveLength(4);
  });

  it('tell an account without calls once a second, one with calls twice, and once more when its last call has ended', async () => {
    owned.take(0, 1);
    calls = { b: 3 };
    expect(await after(500)).toEqual(['a/0=0', 'b/0=3']);
    expect(await after(500)).toEqual(['b/0=3']);
    expect(await after(500)).toEqual(['a/0=0', 'b/0=3']);
    calls = {};
    expect(await after(500)).toEqual(['b/0=0']);
    expect(await after(500)).toEqual(['a/0=0', 'b/0=0']);
    expect(await after(500)).toEqual([]);
    expect(await after(500)).toEqual(['a/0=0', 'b/0=0']);
  });
});
