import fc from 'fast-check';
import { earliestOf, Limit, payAll } from './limit.ts';
import { noon, worstSecond } from './pacing-bench.suite.ts';

function slotsOf(limit: Limit, count: number, from = noon): number[] {
  const slots: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const at = limit.earliest(from);
    limit.take(at, 1);
    slots.push(at);
  }
  return slots;
}

describe('a limit', () => {
  it('spaces its slots evenly', () => {
    expect(slotsOf(new Limit(4), 4)).toEqual([noon, noon + 250_000, noon + 500_000, noon + 750_000]);
  });

  it('never makes missed time up', () => {
    const limit = new Limit(10);
    slotsOf(limit, 3);
    const late = slotsOf(limit, 3, noon + 60_000_000);
    expect(late).toEqual([noon + 60_000_000, noon + 60_100_000, noon + 60_200_000]);
  });

  it('keeps its first slot after a takeover a second from the last one', () => {
    const limit = new Limit(50);
    const last = slotsOf(limit, 20).at(-1) ?? 0;
    expect(Limit.resumed(50, limit.mark).earliest(noon)).toBeGreaterThanOrEqual(last + 1_000_000);
  });

  it('keeps the spacing of a slow limit over a takeover', () => {
    const limit = new Limit(0.2);
    slotsOf(limit, 1);
    expect(Limit.resumed(0.2, limit.mark).earliest(noon)).toBe(noon + 5_000_000);
  });

  it('lets a raised rate take effect at once', () => {
    const limit = new Limit(0.001);
    slotsOf(limit, 1);
    limit.setRate(10);
    expect(limit.earliest(noon)).toBe(noon + 100_000);
  });

  it('drains the second before a lowered rate grants again', () => {
    const limit = new Limit(100);
    slotsOf(limit, 50);
    limit.setRate(10);
    const after = slotsOf(limit, 30);
    expect(worstSecond([...after].map((slotAt) => ({ slotAt })))).toBeLessThanOrEqual(10);
    expect(after[0]).toBeGreaterThan(noon + 1_000_000);
  });

  it('makes a row of three segments at one a second cost three seconds', () => {
    const limit = new Limit(1);
    limit.take(limit.earliest(noon), 3);
    expect(limit.earliest(noon)).toBe(noon + 3_000_000);
  });

  it('refuses a rate that is no rate', () => {
    expect(() => new Limit(0)).toThrow(RangeError);
    expect(() => new Limit(Number.NaN)).toThrow(RangeError);
  });

  it('errs by less than 0.3 % in the long run', () => {
    for (const rate of [50, 333, 500, 777.7, 1500, 1999, 2000]) {
      const slots = slotsOf(new Limit(rate), 20_000);
      const seconds = ((slots.at(-1) ?? 0) - noon) / 1_000_000;
      expect(Math.abs((slots.length - 1) / seconds / rate - 1)).toBeLessThan(0.00001);
    }
  });
});

describe('several limits', () => {
  it('a grant waits for the slowest and pays all', () => {
    const account = new Limit(100);
    const lane = new Limit(1);
    const charges = [
      { limit: account, cost: 1 },
      { limit: lane, cost: 2 },
    ];
    payAll(charges, earliestOf(charges, noon));
    expect(earliestOf(charges, noon)).toBe(noon + 2_000_000);
    expect(account.earliest(noon)).toBe(noon + 10_000);
  });
});

describe('I4: granted cost in any sliding second <= ceil(limit) + largest cost - 1', () => {
  const step = fc.record({
    gap: fc.integer({ min: 0, max: 3_000_000 }),
    cost: fc.integer({ min: 1, max: 4 }),
    burst: fc.integer({ min: 1, max: 30 }),
  });

  it('for any rate, any costs and any gaps', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 60, noNaN: true }), fc.array(step, { maxLength: 40 }), (rate, steps) => {
        const limit = new Limit(rate);
        const slots: { slotAt: number; cost: number }[] = [];
        let now = noon;
        for (const { gap, cost, burst } of steps) {
          now += gap;
          for (let n = 0; n < burst; n += 1) {
            const slotAt = limit.earliest(now);
            limit.take(slotAt, cost);
            slots.push({ slotAt, cost });
          }
        }
        const largest = Math.max(1, ...slots.map(({ cost }) => cost));
        return worstSecond(slots) <= Math.ceil(rate) + largest - 1;
      }),
    );
  });

  it("through rate changes and takeovers, for the rate of the second's last slot", () => {
    const change = fc.record({ rate: fc.integer({ min: 1, max: 80 }), burst: fc.integer({ min: 1, max: 60 }), takeover: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        let limit = new Limit(10);
        const slots: { slotAt: number; rate: number }[] = [];
        for (const { rate, burst, takeover } of changes) {
          if (takeover) limit = Limit.resumed(rate, limit.mark);
          else limit.setRate(rate);
          for (let n = 0; n < burst; n += 1) {
            const slotAt = limit.earliest(noon);
            limit.take(slotAt, 1);
            slots.push({ slotAt, rate });
          }
        }
        return slots.every(({ slotAt, rate }) => {
          const inSecond = slots.filter((other) => other.slotAt <= slotAt && other.slotAt >= slotAt - 1_000_000);
          return inSecond.length <= rate;
        });
      }),
    );
  });
});
