import type { TopicName } from '@paceline/contracts';
import { BlocksUnavailable } from '@paceline/domain/archiving';
import fc from 'fast-check';
import { batchesOf, Faults, openTask, settle, takeAll, worldOf, type Fault, type World } from './archive-world.suite.ts';

const counts = { 'paceline.requests': 30, 'paceline.slots': 17, 'paceline.dead-letters': 12 } as const;
const topicsOf = Object.keys(counts) as (keyof typeof counts)[];
const none = (): Faults => new Faults(new Map());

/** One owner's life: it takes all there is, until it is done or a fault ends it. */
async function live(world: World, faults: Faults, size: number): Promise<void> {
  const { task, opening } = openTask(world, faults);
  let idle = 0;
  for (const batch of batchesOf(world.log, size, opening.paused)) {
    if (batch === null) world.timers.fire();
    else await task.handle(batch);
    await settle();
    idle = batch === null ? idle + 1 : 0;
    if (opening.ended.aborted || idle > 20) return;
  }
  for (let tick = 0; tick < 12 && !opening.ended.aborted; tick += 1) {
    world.timers.fire();
    await settle();
    await settle();
  }
}

function expectEachOffsetOnce(world: World): void {
  expect(world.blocks.broken).toEqual([]);
  expect(world.unexplained).toEqual([]);
  for (const topic of topicsOf) {
    const offsets = Array.from({ length: counts[topic] }, (_, index) => index * 2);
    expect(world.blocks.offsetsOf(topic).sort((a, b) => a - b)).toEqual(offsets);
    expect(world.log.committed.get(topic)).toEqual({ topic, offset: counts[topic] * 2, metadata: '' });
  }
  const poison = (topic: TopicName): number => world.blocks.offsetsOf(topic).filter((offset) => offset % 22 === 20).length;
  expect(world.log.letters).toHaveLength(poison('paceline.requests') + poison('paceline.slots'));
}

describe('each offset is archived exactly once', () => {
  it('without any fault, in blocks of several topics', async () => {
    const world = worldOf(counts);
    await live(world, none(), 5);
    expectEachOffsetOnce(world);
    expect([...world.blocks.stored.values()].every(({ events }) => events.length <= 8)).toBe(true);
    expect(world.observer.ended).toBe(world.observer.began);
  });

  it.each<Fault>(['die', 'lose'])('when the owner should %s at any await of the recipe', async (fault) => {
    const probe = none();
    await live(worldOf(counts), probe, 5);
    expect(probe.reached).toBeGreaterThan(30);
    for (let step = 1; step <= probe.reached; step += 1) {
      const world = worldOf(counts);
      await live(world, new Faults(new Map([[step, fault]])), 5);
      await live(world, none(), 3);
      expectEachOffsetOnce(world);
    }
  });

  it('through any sequence of faults, whatever the fetches look like', async () => {
    const life = fc.record({
      step: fc.integer({ min: 1, max: 25 }),
      fault: fc.constantFrom<Fault>('die', 'lose'),
      size: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 5 }), async (lives) => {
        const world = worldOf(counts);
        for (const { step, fault, size } of lives) await live(world, new Faults(new Map([[step, fault]])), size);
        await live(world, none(), 4);
        expectEachOffsetOnce(world);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a store that is down costs nothing but lag', () => {
  it('keeps the block, pauses what is ahead, and goes on with the same block', async () => {
    const world = worldOf(counts);
    world.blocks.failures = 5;
    const { task, opening } = openTask(world, none());
    let held = 0;
    for (const batch of batchesOf(world.log, 3, opening.paused)) {
      if (batch === null) break;
      held += batch.records.length;
      await task.handle(batch);
      await settle();
    }
    expect([...opening.paused].sort()).toEqual([...topicsOf].sort());
    expect(held).toBeLessThan(8 * 2 + 3 * topicsOf.length);
    for (let tick = 0; tick < 12; tick += 1) {
      world.timers.fire();
      await settle();
    }
    expect(opening.paused.size).toBe(0);
    expect(world.timers.waits).toEqual([200, 400, 800, 1600, 3200]);
    expect(world.blocks.broken).toEqual([]);
    expect(world.observer.failures.every(({ needsPerson }) => !needsPerson)).toBe(true);
  });

  it('says so when a person must act, and waits longer', async () => {
    const world = worldOf(counts);
    world.blocks.failures = 1;
    world.blocks.refusal = new Error('code 60: unknown table');
    await live(world, none(), 5);
    expect(world.observer.failures).toEqual([{ needsPerson: true, retryInMs: 30_000 }]);
    expectEachOffsetOnce(world);
  });

  it('is not waited for at shutdown: the next owner inserts the announced block', async () => {
    const world = worldOf(counts);
    world.blocks.failures = 2;
    world.blocks.refusal = new BlocksUnavailable('down');
    const owner = openTask(world, none());
    await takeAll(owner, world.log, 9);
    await settle();
    await owner.task.close(true);
    expect(world.blocks.stored.size).toBe(0);
    await live(world, none(), 4);
    expectEachOffsetOnce(world);
  });
});

describe('shutdown as owner', () => {
  it('stores what is held and commits it', async () => {
    const world = worldOf(counts);
    const owner = openTask(world, none(), 1_000);
    await takeAll(owner, world.log);
    await owner.task.close(true);
    expectEachOffsetOnce(world);
  });

  it("does nothing when the partition is already another one's", async () => {
    const world = worldOf(counts);
    const owner = openTask(world, none(), 1_000);
    await takeAll(owner, world.log);
    owner.opening.end();
    await owner.task.close(false);
    expect(world.blocks.stored.size).toBe(0);
    expect(world.log.committed.get('paceline.requests')?.offset).toBe(0);
  });
});

it('a recollected block may be larger than a block is now', async () => {
  const world = worldOf(counts);
  const owner = openTask(world, new Faults(new Map([[3, 'lose']])), 1_000);
  await takeAll(owner, world.log);
  world.timers.fire();
  await settle();
  expect(owner.opening.ended.aborted).toBe(true);
  await owner.task.close(false);
  expect(world.log.committed.get('paceline.requests')).toMatchObject({ offset: 0, metadata: 'last=58' });
  await live(world, none(), 2);
  expectEachOffsetOnce(world);
});
