import { nextSlotAt } from './decide-slice.ts';
import { admitted, Bench, lead, minLead, noon, retried, returned, rowsFrom, worstSecond } from './pacing-bench.suite.ts';

describe('a slice', () => {
  it('stamps slots evenly, between the minimal lead and the lead', () => {
    const { grants } = new Bench().append(...rowsFrom(1, 200)).tick();
    expect(grants).toHaveLength(31);
    expect(grants[0]?.slotAt).toBe(noon + minLead);
    expect(grants.at(-1)?.slotAt).toBe(noon + lead);
    expect(new Set(grants.slice(1).map((grant, n) => grant.slotAt - (grants[n]?.slotAt ?? 0)))).toEqual(new Set([10_000]));
  });

  it('begins after the last one ended', () => {
    const bench = new Bench().append(...rowsFrom(1, 500));
    let end = 0;
    for (let n = 0; n < 20; n += 1) {
      const { grants } = bench.tick();
      expect(grants[0]?.slotAt).toBeGreaterThan(end);
      end = grants.at(-1)?.slotAt ?? end;
      bench.pass(70_000 + n * 5_000);
    }
  });

  it('numbers the slots of an account upwards without a gap', () => {
    const bench = new Bench().append(...rowsFrom(1, 100)).run(30);
    expect(bench.slots.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  });

  it('lets one account never delay another', () => {
    const bench = new Bench(
      new Map([
        ['slow', 1],
        ['fast', 100],
      ]),
    );
    bench.append(...rowsFrom(1, 50, { batchId: 's', account: 'slow' }), ...rowsFrom(1, 50, { batchId: 'f', account: 'fast' })).run(5);
    expect(bench.slots.filter(({ batchId }) => batchId === 'f')).toHaveLength(50);
    expect(bench.slots.map(({ slotAt }) => slotAt)).toEqual(bench.slots.map(({ slotAt }) => slotAt).toSorted((a, b) => a - b));
  });

  it('loses missed time, counts it, and does not compress what follows', () => {
    const bench = new Bench().append(...rowsFrom(1, 2000)).run(5);
    bench.pass(4_900_000);
    const { lost } = bench.tick();
    expect(lost.get('demo')).toBeGreaterThan(450);
    expect(worstSecond(bench.slots)).toBeLessThanOrEqual(100);
  });

  it('counts nothing as lost when nothing waited', () => {
    const bench = new Bench().append(...rowsFrom(1, 5)).run(10);
    bench.pass(5_000_000);
    bench.append(...rowsFrom(6, 8));
    expect(bench.tick().lost.size).toBe(0);
  });
});

describe('a row', () => {
  it('gets no slot before its notBefore, and the first possible one after it', () => {
    const bench = new Bench().append(admitted(1, { notBefore: noon + 2_345_678 })).run(40);
    expect(bench.slots.map(({ slotAt }) => slotAt)).toEqual([noon + 2_345_678]);
  });

  it('is closed as expired when its slot would come after expiresAt', () => {
    const bench = new Bench().append(admitted(1, { expiresAt: noon + minLead - 1 }), admitted(2, { expiresAt: noon + minLead })).run(3);
    expect(bench.closed).toEqual([{ row: 1, outcome: 'expired', reason: 'expired' }]);
    expect(bench.slots.map(({ row }) => row)).toEqual([2]);
  });

  it('of an unknown account is closed as rejected', () => {
    const bench = new Bench().append(admitted(1, { account: 'nobody' })).run(1);
    expect(bench.closed).toEqual([{ row: 1, outcome: 'rejected', reason: 'unknown-account' }]);
    expect(bench.committed).toBe(1);
  });

  it('that stands in the log twice is granted once', () => {
    const bench = new Bench().append(admitted(1), admitted(1)).run(2).append(admitted(1)).run(2);
    expect(bench.slots).toHaveLength(1);
    expect(bench.committed).toBe(3);
  });

  it('is granted again as the same attempt after its slot was returned, and as the next one after a retry', () => {
    const bench = new Bench().append(admitted(1)).run(1);
    bench.append(returned(1, { attempt: 1, number: 1 })).run(10);
    bench.append(retried(1, { attempt: 2, notBefore: noon })).run(10);
    expect(bench.slots.map(({ attempt, number }) => [attempt, number])).toEqual([
      [1, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it('whose older slot comes back after a newer one went out is not granted for it', () => {
    const bench = new Bench().append(admitted(1)).run(1);
    bench.append(returned(1, { attempt: 1, number: 1 })).run(10);
    bench.append(returned(1, { attempt: 1, number: 1 })).run(10);
    expect(bench.slots).toHaveLength(2);
  });

  it('returned for want of a place in flight stays away for a moment', () => {
    const bench = new Bench().append(returned(1, { attempt: 1, number: 9, reason: 'no-place-in-flight' })).run(10);
    expect(bench.slots[0]?.slotAt).toBeGreaterThanOrEqual(noon + 500_000);
  });
});

describe('controls', () => {
  it.each([
    ['account:demo/paused/operator', true],
    ['account:demo/breaker/breaker', 'open'],
    ['account:demo/rate/operator', 0],
    ['batch:batch-a/paused/operator', true],
  ])('%s grants nothing from the next slice on, until it is lifted', (key, value) => {
    const bench = new Bench().append(...rowsFrom(1, 500)).run(2);
    const before = bench.slots.length;
    bench.controls.set(key, value);
    bench.pacing.controlChanged(key);
    bench.run(10);
    expect(bench.slots).toHaveLength(before);
    expect(nextSlotAt(bench.pacing)).toBeNull();
    bench.controls.set(key, null);
    bench.pacing.controlChanged(key);
    bench.run(10);
    expect(bench.slots.length).toBeGreaterThan(before);
    expect(worstSecond(bench.slots)).toBeLessThanOrEqual(100);
  });

  it('that may be out of date grant nothing', () => {
    const bench = new Bench().append(...rowsFrom(1, 10));
    bench.fresh = false;
    expect(bench.tick().grants).toEqual([]);
    bench.fresh = true;
    expect(bench.tick().grants).toHaveLength(10);
  });

  it('pausing one batch leaves the others their pace', () => {
    const bench = new Bench().append(...rowsFrom(1, 100), ...rowsFrom(1, 100, { batchId: 'b' }));
    bench.controls.set('batch:batch-a/paused/operator', true);
    bench.run(20);
    expect(bench.slots).toHaveLength(100);
    expect(new Set(bench.slots.map(({ batchId }) => batchId))).toEqual(new Set(['b']));
  });

  it('cancelling a batch closes what waits, and what comes back when it is read', () => {
    const bench = new Bench().append(...rowsFrom(1, 100)).run(1);
    const granted = bench.slots.length;
    bench.controls.set('batch:batch-a/cancelled/operator', true);
    bench.pacing.controlChanged('batch:batch-a/cancelled/operator');
    bench.run(2);
    expect(bench.closed).toHaveLength(100 - granted);
    bench.append(returned(1, { attempt: 1, number: 1 }), retried(2, { attempt: 2, notBefore: noon + 9e9 })).run(2);
    expect(bench.closed).toHaveLength(102 - granted);
    expect(bench.slots).toHaveLength(granted);
    expect(new Set(bench.closed.map(({ outcome }) => outcome))).toEqual(new Set(['cancelled']));
    expect(bench.committed).toBe(102);
  });

  it('cancelling a large batch closes a bounded number of rows a transaction, and others keep their pace', () => {
    const bench = new Bench().append(...rowsFrom(1, 5000), ...rowsFrom(1, 10, { batchId: 'b' }));
    bench.controls.set('batch:batch-a/cancelled/operator', true);
    const first = bench.tick();
    expect(first.closures).toHaveLength(1000);
    expect(first.grants).toHaveLength(10);
    bench.run(5);
    expect(bench.closed).toHaveLength(5000);
  });

  it('the operator sets the rate, the others only lower it', () => {
    const rateOver = (controls: readonly (readonly [string, number])[]): number => {
      const bench = new Bench().append(...rowsFrom(1, 5000));
      for (const [origin, rate] of controls) bench.controls.set(`account:demo/rate/${origin}`, rate);
      const { slots } = bench.run(100);
      return ((slots.length - 1) * 1e6) / ((slots.at(-1)?.slotAt ?? 0) - (slots[0]?.slotAt ?? 0));
    };
    expect(rateOver([['operator', 200]])).toBeCloseTo(200, -1);
    expect(rateOver([['adaptive', 40]])).toBeCloseTo(40, -1);
    expect(
      rateOver([
        ['operator', 20],
        ['adaptive', 400],
      ]),
    ).toBeCloseTo(20, 0);
  });
});

describe('the long run', () => {
  it.each([50, 333, 2000])('at %i a second errs by at most 0.3 %% while rows wait, with slices of uneven length', (rate) => {
    const bench = new Bench(new Map([['demo', rate]])).append(...rowsFrom(1, rate * 12));
    for (let n = 0; bench.now < noon + 10_000_000; n += 1) {
      bench.tick();
      bench.pass(60_000 + ((n * 37_123) % 190_000));
    }
    const span = ((bench.slots.at(-1)?.slotAt ?? 0) - (bench.slots[0]?.slotAt ?? 0)) / 1_000_000;
    expect(Math.abs((bench.slots.length - 1) / span / rate - 1)).toBeLessThanOrEqual(0.003);
    expect(worstSecond(bench.slots)).toBeLessThanOrEqual(rate);
  });
});
