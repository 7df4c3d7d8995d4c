import fc from 'fast-check';
import { ClaimWindow } from './claim-window.ts';

const opened = (window: ClaimWindow, offsets: readonly number[], readMs = 0): void => {
  for (const offset of offsets) window.opened(`a${offset}`, { offset, readMs });
};

describe('the window of claims', () => {
  test('nothing was read: everything is new, and the committed position stays', () => {
    const window = new ClaimWindow(40);
    expect(window.placeOf(39)).toBe('done');
    expect(window.placeOf(40)).toBe('new');
    expect(window.position).toBe(40);
    expect(window.takeChange()).toBeNull();
  });

  test('the position stays behind the oldest open claim', () => {
    const window = new ClaimWindow(40);
    opened(window, [40, 41, 42]);
    window.readUpTo(44);
    expect(window.position).toBe(40);
    expect(window.closed('a41')).toBe(true);
    expect(window.position).toBe(40);
    expect(window.closed('a40')).toBe(true);
    expect(window.position).toBe(42);
    expect(window.closed('a42')).toBe(true);
    expect(window.closed('a42')).toBe(false);
    expect(window.position).toBe(44);
  });

  test('the next owner opens again what was open, and nothing else', () => {
    const before = new ClaimWindow(40);
    opened(before, [40, 41, 42, 43]);
    before.readUpTo(45);
    before.closed('a41');
    const after = new ClaimWindow(before.position, before.takeChange() ?? '');
    expect([40, 41, 42, 43, 44, 45].map((offset) => after.placeOf(offset))).toEqual(['open', 'done', 'open', 'open', 'done', 'new']);
    after.opened('a40', { offset: 40, readMs: 0 });
    after.closed('a40');
    expect(after.position).toBe(42);
    after.passed(42);
    expect(after.position).toBe(43);
  });

  test('what has been open for long leaves it, and all that is more than can be read again quickly', () => {
    const window = new ClaimWindow(0);
    opened(window, [0, 1], 100);
    opened(window, [2], 200);
    window.readUpTo(3);
    expect(window.hasOld(2_099)).toBe(false);
    expect(window.takeOld(2_099)).toEqual([]);
    expect(window.hasOld(2_100)).toBe(true);
    expect(window.takeOld(2_100)).toEqual(['a0', 'a1']);
    expect(window.position).toBe(2);
    opened(
      window,
      Array.from({ length: 5_000 }, (_, n) => n + 3),
      300,
    );
    expect(window.takeOld(300)).toHaveLength(1_001);
  });

  test('whoever takes over, however often, opens each claim that is open and none that is not', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('read' as const), claims: fc.integer({ min: 0, max: 5 }), markers: fc.integer({ min: 0, max: 2 }) }),
      fc.record({ kind: fc.constant('close' as const), which: fc.nat() }),
      fc.record({ kind: fc.constant('takeover' as const), commits: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        // The log: which offsets hold claims. The truth: which of the committed ones are open.
        const claims: number[] = [];
        let end = 0;
        let committed = { position: 0, durable: undefined as string | undefined, open: new Set<number>(), read: 0 };
        let window = new ClaimWindow(0);
        let open = new Set<number>();
        let read = 0;
        const commit = (): void => {
          const { position } = window;
          committed = { position, durable: window.takeChange() ?? committed.durable, open: new Set(open), read };
        };
        const takeOver = (): void => {
          window = new ClaimWindow(committed.position, committed.durable);
          open = new Set();
          read = committed.read;
          const again = claims.filter((offset) => offset >= committed.position);
          for (const offset of again) {
            const place = window.placeOf(offset);
            expect(place).toBe(offset >= committed.read ? 'new' : committed.open.has(offset) ? 'open' : 'done');
            if (place === 'done') continue;
            window.opened(`a${offset}`, { offset, readMs: 0 });
            open.add(offset);
          }
          window.readUpTo(end);
          read = end;
        };
        for (const one of steps) {
          if (one.kind === 'read') {
            for (let n = 0; n < one.claims; n += 1) {
              claims.push(end);
              opened(window, [end]);
              open.add(end);
              end += 1;
            }
            end += one.markers;
            window.readUpTo(end);
            read = end;
          } else if (one.kind === 'close') {
            const offset = [...open][one.which % Math.max(1, open.size)];
            if (offset === undefined) continue;
            expect(window.closed(`a${offset}`)).toBe(true);
            open.delete(offset);
          } else {
            if (one.commits) commit();
            takeOver();
          }
          expect(window.position).toBe(open.size === 0 ? read : Math.min(...open));
        }
      }),
      { numRuns: 500 },
    );
  });
});
