import { admitted, Bench, minLead, noon, rowsFrom } from './pacing-bench.suite.ts';

const hourMicros = 3_600_000_000;
const hours = { apis: ['messages'], unknownZone: 'hold' } as const;

/** Quiet around now in UTC for so many hours. */
const quietNow = (over: object = {}): Bench => {
  const hour = Math.floor((noon / hourMicros) % 24);
  const at = (ahead: number): string => `${String((hour + ahead + 24) % 24).padStart(2, '0')}:00`;
  return new Bench(new Map([['demo', { callsPerSecond: 100, quietHours: { ...hours, from: at(-1), to: at(2), ...over } }]]));
};

describe('a row whose recipient sleeps', () => {
  it('waits until the day begins, and keeps nobody else waiting', () => {
    const bench = quietNow()
      .append(...rowsFrom(1, 20, { timeZone: 'UTC' }), ...rowsFrom(21, 40, { timeZone: 'Asia/Tokyo' }))
      .run(10);
    expect(bench.slots.map(({ row }) => row)).toEqual(Array.from({ length: 20 }, (_, n) => n + 21));
    const morning = (Math.floor(noon / hourMicros) + 2) * hourMicros;
    expect(bench.pacing.report(bench.now)[0]?.groups).toMatchObject([
      { rows: 20, reason: { kind: 'quiet-hours', timeZone: 'UTC' }, nextAt: morning },
    ]);
    bench.pass(morning - bench.now - 1_000_000);
    bench.run(20);
    expect(bench.slots).toHaveLength(40);
    expect(bench.slots[20]?.slotAt).toBe(morning);
    expect(bench.slots.slice(20).map(({ row }) => row)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it('is judged at its slot, not when it is read', () => {
    const bench = quietNow();
    const evening = (Math.floor(noon / hourMicros) + 23) * hourMicros;
    bench.pass(evening - noon - minLead - 100_000);
    bench.append(...rowsFrom(1, 100, { timeZone: 'UTC' })).run(10);
    expect(bench.slots.length).toBeGreaterThan(0);
    expect(bench.slots.length).toBeLessThan(100);
    expect(Math.max(...bench.slots.map(({ slotAt }) => slotAt))).toBeLessThan(evening);
  });

  it('of an API without quiet hours is called', () => {
    const bench = quietNow()
      .append(...rowsFrom(1, 5, { api: 'lookup', lane: 'lookup', timeZone: 'UTC' }))
      .run(2);
    expect(bench.slots).toHaveLength(5);
  });
});

describe('a row whose recipient may sleep', () => {
  it('is held until its batch is released', () => {
    const bench = quietNow()
      .append(...rowsFrom(1, 10), ...rowsFrom(1, 10, { batchId: 'b' }))
      .run(5);
    expect(bench.slots).toHaveLength(0);
    expect(bench.pacing.report(bench.now)[0]?.groups[0]).toMatchObject({ reason: { kind: 'quiet-hours', timeZone: null }, nextAt: null });
    bench.set('batch:batch-a/release/operator', true).run(5);
    expect(bench.slots.map(({ batchId }) => batchId)).toEqual(Array.from({ length: 10 }, () => 'batch-a'));
    bench.append(admitted(11)).run(2);
    expect(bench.slots).toHaveLength(11);
  });

  it('is called when the settings say so', () => {
    const bench = quietNow({ unknownZone: 'send' })
      .append(...rowsFrom(1, 10))
      .run(5);
    expect(bench.slots).toHaveLength(10);
  });
});
