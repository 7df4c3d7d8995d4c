import { AdaptiveLoop, concurrencyLimiter, luck, spreads, type LoopRun } from './adaptive-loop.suite.ts';

const caps = [10, 40, 100, 400];
const names = Object.keys(spreads) as (keyof typeof spreads)[];
const each = caps.flatMap((most) => names.map((spread) => ({ most, spread })));
const seconds = 150;
const meanMs = 1_000;

const runs = new Map<string, LoopRun>();

/** A backlog on an account whose calls take a second on average, under a limit of so many of them at once. */
function under(most: number, { spread, maxInFlight }: { spread: keyof typeof spreads; maxInFlight: number }): LoopRun {
  const name = `${most} ${spread} ${maxInFlight}`;
  const latency = spreads[spread](meanMs, luck(7));
  const test = { configured: most * 2.5, maxInFlight, seconds, limiter: concurrencyLimiter(() => most), latency };
  const run = runs.get(name) ?? new AdaptiveLoop(test);
  runs.set(name, run);
  return run;
}

/** Share of what the limit bears, after 30 s. */
const reached = (run: LoopRun, most: number): number => run.accepted(30, seconds) / ((most * 1_000) / meanMs);

describe('calls in flight as configured: the limit itself', () => {
  test.each(each)('$most calls at once, $spread answer times: no call is throttled, and the limit is used', ({ most, spread }) => {
    const run = under(most, { spread, maxInFlight: most });
    expect(run.wasted(0, seconds)).toBe(0);
    // Ten places are few: with answer times that differ much one of them is often empty before a slot can be granted for it.
    expect(reached(run, most)).toBeGreaterThan(most === 10 ? 0.87 : 0.95);
    expect(run.returned(30, seconds)).toBeLessThan(most === 10 ? 0.18 : 0.1);
  });
});

describe('calls in flight far above the limit: it is found by its 429s', () => {
  test.each(each.filter(({ most }) => most >= 40))('$most calls at once, $spread answer times', ({ most, spread }) => {
    const run = under(most, { spread, maxInFlight: 1_000 });
    expect(reached(run, most)).toBeGreaterThan(0.95);
    expect(run.wasted(30, seconds)).toBeLessThan(spread === 'constant' || spread === 'narrow' ? 0.02 : 0.055);
  });

  test.each(each.filter(({ most }) => most === 10))(
    '$most calls at once, $spread answer times: found, less exactly',
    ({ most, spread }) => {
      const run = under(most, { spread, maxInFlight: 1_000 });
      expect(reached(run, most)).toBeGreaterThan(0.6);
      expect(run.wasted(30, seconds)).toBeLessThan(0.05);
    },
  );

  test.each(each)('$most calls at once, $spread answer times: trying a higher pace never throttles a third of ten seconds', (one) => {
    const run = under(one.most, { spread: one.spread, maxInFlight: 1_000 });
    for (let from = 30; from + 10 <= seconds; from += 5) expect(run.wasted(from, from + 10)).toBeLessThan(0.33);
  });
});
