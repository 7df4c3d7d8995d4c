import fc from 'fast-check';
import { HandTime } from './hand-time.suite.ts';
import { RequestTrimmer, type RequestLog } from './request-trimmer.ts';

const cadenceMs = 600_000;
const keptMs = 86_400_000;

interface Standing {
  readonly low: number;
  readonly committed: number | null;
  readonly firstSince: number;
}

/** A trimmer over a log that stands as told. */
function bench(standing: Standing | Error, own = 50) {
  const time = new HandTime();
  const deleted: [number, number][] = [];
  const asked: number[] = [];
  const warned: string[] = [];
  const log: RequestLog = {
    standing: (_partition, sinceMs) => {
      asked.push(sinceMs);
      return standing instanceof Error ? Promise.reject(standing) : Promise.resolve(standing);
    },
    deleteBelow: (partition, offset) => Promise.resolve(void deleted.push([partition, offset])),
  };
  const logger = { info: () => undefined, warn: (_fields: object, message: string) => void warned.push(message) };
  const trimmer = new RequestTrimmer({ log, keptMs, clock: time, scheduler: time, logger });
  const leave = trimmer.watch({ partition: 2, committed: () => own });
  void trimmer.start();
  return { time, trimmer, deleted, asked, warned, leave };
}

test('nothing is deleted at the start: only every ten minutes', async () => {
  const { time, deleted } = bench({ low: 0, committed: 40, firstSince: 60 });
  await time.advance(cadenceMs - 1);
  expect(deleted).toEqual([]);
  await time.advance(2);
  expect(deleted).toEqual([[2, 40]]);
});

test.each([
  ['its owner has committed no further', { low: 0, committed: 90, firstSince: 80 }, 50],
  ['an archive has committed no further', { low: 0, committed: 30, firstSince: 80 }, 30],
  ['what follows is not old enough', { low: 0, committed: 90, firstSince: 20 }, 20],
])('records stay where %s', async (_why, standing, below) => {
  const { time, deleted } = bench(standing);
  await time.advance(cadenceMs);
  expect(deleted).toEqual([[2, below]]);
});

test.each([
  ['a group has committed nothing', { low: 0, committed: null, firstSince: 80 }],
  ['nothing is left to delete', { low: 40, committed: 40, firstSince: 80 }],
])('nothing is deleted when %s', async (_why, standing) => {
  const { time, deleted } = bench(standing);
  await time.advance(cadenceMs);
  expect(deleted).toEqual([]);
});

test('a partition that was given up is left alone', async () => {
  const { time, deleted, leave } = bench({ low: 0, committed: 40, firstSince: 60 });
  leave();
  await time.advance(cadenceMs);
  expect(deleted).toEqual([]);
});

test('brokers that refuse or are away are asked again later, and nothing else happens', async () => {
  const { time, warned, asked } = bench(new Error('not authorised'));
  await time.advance(2 * cadenceMs);
  expect(warned).toEqual(['old requests stay for now', 'old requests stay for now']);
  expect(asked).toHaveLength(2);
});

test('after the end nothing is deleted', async () => {
  const { time, trimmer, deleted } = bench({ low: 0, committed: 40, firstSince: 60 });
  await trimmer.stop();
  await time.advance(cadenceMs);
  expect(deleted).toEqual([]);
});

test('whatever the offsets: never a record at or above any of them', async () => {
  const offsets = fc.record({ own: fc.nat(100), low: fc.nat(100), committed: fc.nat(100), firstSince: fc.nat(100) });
  await fc.assert(
    fc.asyncProperty(offsets, async ({ own, ...standing }) => {
      const { time, deleted } = bench(standing, own);
      await time.advance(cadenceMs);
      for (const [, below] of deleted) expect(below).toBeLessThanOrEqual(Math.min(own, standing.committed, standing.firstSince));
    }),
  );
});
