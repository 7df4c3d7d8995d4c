import { nextSlotAt } from './decide-slice.ts';
import { admitted, Bench, noon, returned, rowsFrom } from './pacing-bench.suite.ts';

const lane = 'messages:aaaaaaaaaaaa';

const ofLane = (bench: Bench, id: string): number => bench.slots.filter((slot) => slot.lane === id).length;

describe('a lane', () => {
  it.each([
    ['paused/operator', true],
    ['paused/breaker', 'stopped'],
    ['parked/breaker', 'parked'],
    ['parked/breaker', 'what is this'],
    ['cancelled/operator', 'no instant'],
  ])('with %s = %j gets nothing until it is lifted, and the others go on', (aspect, value) => {
    const bench = new Bench().append(...rowsFrom(1, 300, { lane }), ...rowsFrom(301, 400)).run(1);
    const before = ofLane(bench, lane);
    bench.set(`lane:${lane}/${aspect}`, value).run(15);
    expect(ofLane(bench, lane)).toBe(before);
    expect(ofLane(bench, 'messages')).toBe(100);
    expect(nextSlotAt(bench.pacing)).toBeNull();
    bench.set(`lane:${lane}/${aspect}`, null).run(10);
    expect(ofLane(bench, lane)).toBeGreaterThan(before + 50);
  });

  it('that is tried gets a slot every five seconds at most', () => {
    const bench = new Bench().append(...rowsFrom(1, 300, { lane }));
    bench.set(`lane:${lane}/parked/breaker`, 'probing').run(120);
    const gaps = bench.slots.slice(1).map(({ slotAt }, n) => slotAt - (bench.slots[n]?.slotAt ?? 0));
    expect(bench.slots).toHaveLength(2);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000_000);
  });

  it('without a sender may be named with its account, and then no other account is meant', () => {
    const bench = new Bench(
      new Map([
        ['demo', 100],
        ['other', 100],
      ]),
    );
    bench.set('lane:demo/messages/paused/operator', true);
    bench.append(...rowsFrom(1, 10), ...rowsFrom(1, 10, { account: 'other', batchId: 'b' })).run(5);
    expect(new Set(bench.slots.map(({ account }) => account))).toEqual(new Set(['other']));
  });

  it('that is cancelled closes the rows that began to wait before, also those of the future, and no later ones', () => {
    const bench = new Bench().append(...rowsFrom(1, 20, { lane }), admitted(21, { lane, notBefore: noon + 9e9 }), admitted(22));
    bench.set(`lane:${lane}/paused/operator`, true).run(2);
    bench.set(`lane:${lane}/cancelled/operator`, noon + 1).run(2);
    expect(bench.closed).toHaveLength(21);
    expect(new Set(bench.closed.map(({ reason }) => reason))).toEqual(new Set(['lane-stopped']));
    bench.set(`lane:${lane}/paused/operator`, null);
    const late = returned(30, { attempt: 1, number: 1 }, { lane });
    bench.append({ ...late, data: { ...late.data, meta: { ...late.data.meta, occurredAt: noon + 2 } } } as typeof late).run(2);
    bench.append(returned(31, { attempt: 1, number: 2 }, { lane })).run(2);
    expect(bench.closed.map(({ row }) => row)).toContain(31);
    expect(bench.slots.map(({ row }) => row).toSorted((a, b) => a - b)).toEqual([22, 30]);
    expect(bench.committed).toBe(bench.log.length);
  });
});

describe('an account', () => {
  it('half open gets one slot every five seconds at most', () => {
    const bench = new Bench()
      .append(...rowsFrom(1, 300))
      .set('account:demo/breaker/breaker', 'half-open')
      .run(120);
    const gaps = bench.slots.slice(1).map(({ slotAt }, n) => slotAt - (bench.slots[n]?.slotAt ?? 0));
    expect(bench.slots.length).toBeGreaterThanOrEqual(2);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000_000);
  });

  it.each([['"fast"'], [-3], [1e12], [{}], [null]])('hears no rate of %j', (value) => {
    const bench = new Bench()
      .append(...rowsFrom(1, 300))
      .set('account:demo/rate/operator', value)
      .run(1);
    expect(bench.slots).toHaveLength(31);
  });
});

describe('a batch', () => {
  it.each([
    ['weight', 0],
    ['weight', 'heavy'],
    ['priority', 1.5],
    ['priority', 'high'],
  ])('hears no %s of %j', (aspect, value) => {
    const bench = new Bench().append(...rowsFrom(1, 100, { batchId: 'a' }), ...rowsFrom(1, 100, { batchId: 'b' }));
    bench.set(`batch:a/${aspect}/operator`, value).run(1);
    expect(Math.abs(bench.slots.filter(({ batchId }) => batchId === 'a').length - bench.slots.length / 2)).toBeLessThanOrEqual(1);
  });

  it('given a priority overtakes the others from the next slice on', () => {
    const bench = new Bench().append(...rowsFrom(1, 500, { batchId: 'a' }), ...rowsFrom(1, 60, { batchId: 'b' })).run(1);
    const before = bench.slots.length;
    bench.set('batch:b/priority/operator', 5).run(3);
    const after = bench.slots.slice(before);
    expect(after.filter(({ batchId }) => batchId === 'b').length / after.length).toBeGreaterThan(0.9);
  });

  it('that stayed full ends its rows as throttled out when the pacer says so, as stopped when a person does', () => {
    const bench = new Bench().append(...rowsFrom(1, 20, { lane }));
    bench
      .set(`lane:${lane}/parked/breaker`, 'parked')
      .set(`lane:${lane}/cancelled/breaker`, noon + 1)
      .run(2);
    expect(new Set(bench.closed.map(({ outcome, reason }) => `${outcome}: ${reason}`))).toEqual(new Set(['rejected: throttled-out']));
    expect(bench.closed).toHaveLength(20);
    bench
      .append(...rowsFrom(21, 22, { lane }))
      .set(`lane:${lane}/cancelled/operator`, noon + 1)
      .run(2);
    expect(bench.closed.slice(20).map(({ reason }) => reason)).toEqual(['lane-stopped', 'lane-stopped']);
  });
});
