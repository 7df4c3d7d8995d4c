import { MeanLatency } from './mean-latency.ts';

interface Answers {
  readonly count: number;
  readonly everyMs: number;
  readonly ms: (n: number) => number;
}

/** Answers at a steady pace, each as long as `ms` says; after others that ended then. */
function answered({ count, everyMs, ms }: Answers, after: { latency: MeanLatency; atMs: number } | null = null): MeanLatency {
  const latency = after?.latency ?? new MeanLatency();
  for (let n = 0; n < count; n += 1) latency.add(ms(n), (after?.atMs ?? 0) + n * everyMs);
  return latency;
}

test('nothing is told before the first answer', () => {
  expect(new MeanLatency().ms).toBeNull();
});

test('few answers are all worth the same', () => {
  expect(answered({ count: 4, everyMs: 100, ms: (n) => [100, 200, 300, 400][n] ?? 0 }).ms).toBeCloseTo(250);
});

test('one slow answer among many moves it by less than a hundredth of itself', () => {
  const latency = answered({ count: 1_000, everyMs: 100, ms: () => 100 });
  expect(answered({ count: 1, everyMs: 100, ms: () => 3_000 }, { latency, atMs: 100_000 }).ms).toBeLessThan(112);
});

test.each([
  { perSecond: 10, withinS: 90 },
  { perSecond: 500, withinS: 12 },
  { perSecond: 2_000, withinS: 12 },
])('at $perSecond answers a second a change has been followed after $withinS s', ({ perSecond, withinS }) => {
  const everyMs = 1_000 / perSecond;
  const latency = answered({ count: perSecond * 60, everyMs, ms: () => 100 });
  expect(answered({ count: perSecond * withinS, everyMs, ms: () => 400 }, { latency, atMs: 60_000 }).ms).toBeGreaterThan(380);
});
