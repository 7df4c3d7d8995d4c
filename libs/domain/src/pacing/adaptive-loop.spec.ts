import { AdaptiveLoop, concurrencyLimiter, logNormal, luck, rateLimiter, type LoopCase } from './adaptive-loop.suite.ts';

const answers = (medianMs: number, seed = 7) => logNormal(medianMs, 0.09, luck(seed));

const loop = (over: Pick<LoopCase, 'limiter' | 'latency'> & Partial<LoopCase>) =>
  new AdaptiveLoop({ configured: 50, maxInFlight: 1_000, seconds: 150, ...over });

const shares = [0.1, 0.2, 0.4, 0.6, 0.8, 0.9];
const latencies = [50, 400, 2_000];
const cases = shares.flatMap((share) => latencies.map((latencyMs) => ({ share, latencyMs })));

describe('the closed loop: slots 700 ms ahead, counts half a second late, four router partitions', () => {
  test.each(cases)('a limit of $share of the configured rate is met within 5 %% in 30 s and < 2 %% wasted: $latencyMs ms', (each) => {
    const run = loop({ limiter: rateLimiter(() => 50 * each.share), latency: answers(each.latencyMs) });
    const cap = 50 * each.share;
    expect(run.accepted(30, 150) / cap).toBeGreaterThan(0.95);
    expect(run.accepted(30, 150) / cap).toBeLessThan(1.05);
    expect(run.wasted(30, 150)).toBeLessThan(0.02);
  });

  test.each([
    { configured: 500, most: 20, latencyMs: 100, atLeast: 0.97 },
    { configured: 150, most: 20, latencyMs: 1_000, atLeast: 0.87 },
    { configured: 150, most: 60, latencyMs: 1_000, atLeast: 0.9 },
    { configured: 150, most: 240, latencyMs: 2_000, atLeast: 0.92 },
  ])('a limit of $most calls in flight is found: nearly its throughput, < 2 %% wasted', ({ configured, most, latencyMs, atLeast }) => {
    const run = loop({ configured, limiter: concurrencyLimiter(() => most), latency: answers(latencyMs) });
    const cap = (most / latencyMs) * 1_000;
    expect(run.accepted(30, 150) / cap).toBeGreaterThan(atLeast);
    expect(run.wasted(30, 150)).toBeLessThan(0.02);
  });

  test('a limit that appears while calls flow is met within 30 s', () => {
    const clock = { nowMs: 0 };
    const limited = rateLimiter(() => (clock.nowMs < 60_000 ? 1_000 : 20));
    const admit = (atMs: number, inFlight: number): boolean => limited.admit((clock.nowMs = atMs), inFlight);
    const run = loop({ limiter: { admit }, latency: answers(200) });
    expect(run.accepted(30, 60)).toBeCloseTo(50, 0);
    expect(run.accepted(90, 150) / 20).toBeGreaterThan(0.95);
    expect(run.wasted(90, 150)).toBeLessThan(0.02);
  });

  test.each([
    { share: 0.1, latencyMs: 100, withinS: 120 },
    { share: 0.4, latencyMs: 400, withinS: 120 },
    { share: 0.9, latencyMs: 100, withinS: 120 },
    { share: 0.1, latencyMs: 2_000, withinS: 180 },
  ])('when throttling ends the configured rate is back within $withinS s: $share, $latencyMs ms', ({ share, latencyMs, withinS }) => {
    const endMs = 70_000;
    const limited = rateLimiter(() => 50 * share);
    const admit = (atMs: number, inFlight: number): boolean => atMs >= endMs || limited.admit(atMs, inFlight);
    const run = loop({ limiter: { admit }, latency: answers(latencyMs), seconds: 70 + withinS + 1 });
    const lifted = run.changes.find(({ atMs, rate, cap }) => atMs > endMs && rate === null && cap === null);
    expect(lifted?.atMs).toBeLessThan(endMs + withinS * 1_000);
  });

  test('nothing is throttled: nothing is changed', () => {
    expect(loop({ limiter: { admit: () => true }, latency: answers(400) }).changes).toEqual([]);
  });

  test('it never changes faster than a change needs to show, is never below the floor nor above the configured pace', () => {
    for (const latencyMs of latencies) {
      const { changes } = loop({ limiter: rateLimiter(() => 20), latency: answers(latencyMs) });
      expect(changes.length).toBeGreaterThan(0);
      changes.reduce((before, { atMs }) => (expect(atMs - before).toBeGreaterThanOrEqual(1_500), atMs), -10_000);
      expect(changes.every(({ rate }) => rate === null || (rate >= 1 && rate < 50))).toBe(true);
    }
  });
});
