import fc from 'fast-check';
import { ReleasedOffsets } from './released-offsets.ts';

function applied(state: Map<string, string>, changes: readonly { key: string; value: string | null }[]): Map<string, string> {
  for (const { key, value } of changes) {
    if (value === null) state.delete(key);
    else state.set(key, value);
  }
  return state;
}

function holding(count: number): ReleasedOffsets {
  const released = new ReleasedOffsets(0);
  for (let offset = 0; offset < count; offset += 1) released.hold(offset);
  return released;
}

describe('released offsets', () => {
  it('commit the lowest offset that is not released', () => {
    const released = holding(10);
    for (const offset of [0, 1, 2, 5]) released.release(offset);
    expect(released.commitPoint().offset).toBe(3);
  });

  it('commit the position when nothing waits, gaps of the log included', () => {
    const released = holding(2);
    released.release(0);
    released.release(1);
    released.advance(7);
    expect(released.commitPoint()).toEqual({ offset: 7, changes: [] });
  });

  it('need no state while rows are released in order', () => {
    const released = holding(20_000);
    for (let offset = 0; offset < 15_000; offset += 1) released.release(offset);
    expect(released.commitPoint()).toEqual({ offset: 15_000, changes: [] });
  });

  it('write one bitmap per changed chunk of 4096 above the committed offset', () => {
    const released = holding(10_000);
    for (const offset of [1, 4097, 4098]) released.release(offset);
    expect(released.commitPoint().changes.map(({ key }) => key)).toEqual(['released:0', 'released:1']);
    released.release(9000);
    expect(released.commitPoint().changes.map(({ key }) => key)).toEqual(['released:2']);
  });

  it('delete the bitmap of a chunk that lies wholly below', () => {
    const released = holding(5000);
    released.release(10);
    released.commitPoint();
    for (let offset = 0; offset < 4200; offset += 1) if (offset !== 10) released.release(offset);
    expect(released.commitPoint()).toEqual({ offset: 4200, changes: [{ key: 'released:0', value: null }] });
  });

  it('refuse to release an offset twice', () => {
    const released = holding(1);
    released.release(0);
    expect(() => released.release(0)).toThrow(/released twice/);
  });

  it('never hold an offset that was seen before', () => {
    const released = holding(3);
    expect(released.hold(1)).toBe(false);
  });

  it('restored from their state, hold exactly what was not released', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 12_999 }), { maxLength: 300 }), { maxLength: 6 }), (rounds) => {
        let released = holding(13_000);
        const done = new Set<number>();
        const state = new Map<string, string>();
        for (const round of rounds) {
          for (const offset of round) {
            if (done.has(offset)) continue;
            done.add(offset);
            released.release(offset);
          }
          const { offset: committed, changes } = released.commitPoint();
          applied(state, changes);
          released = new ReleasedOffsets(committed, state);
          for (let offset = 0; offset < 13_000; offset += 1) {
            if (released.hold(offset) === done.has(offset)) return false;
          }
        }
        return true;
      }),
      { numRuns: 30 },
    );
  });

  it('bear a million rows released in any order', () => {
    const released = holding(1_000_000);
    for (let n = 0; n < 999_999; n += 1) released.release(((n + 1) * 7919) % 1_000_000);
    const { offset, changes } = released.commitPoint();
    expect(offset).toBe(0);
    expect(changes).toHaveLength(245);
  });
});
