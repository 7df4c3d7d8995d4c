import { deadlineOf, lastCheck, onMonotonic } from './last-check.ts';
import { PlacesInFlight, shareOfCap } from './places-in-flight.ts';

describe('the last check', () => {
  const gates = { tablesFresh: true, controlled: false, suppressed: false };
  const deadline = { wallMicros: 1_020_000, monotonicMs: 520 };

  it('passes in time with open gates', () => {
    expect(lastCheck({ wallMicros: 1_020_000, monotonicMs: 520 }, deadline, gates)).toBeNull();
  });

  it('either clock past the deadline stops the call', () => {
    expect(lastCheck({ wallMicros: 1_020_001, monotonicMs: 1 }, deadline, gates)).toBe('deadline-passed');
    expect(lastCheck({ wallMicros: 1, monotonicMs: 520.1 }, deadline, gates)).toBe('deadline-passed');
  });

  it.each([{ tablesFresh: false }, { controlled: true }, { suppressed: true }])('a gate closed meanwhile stops it: %o', (closed) => {
    expect(lastCheck({ wallMicros: 1, monotonicMs: 1 }, deadline, { ...gates, ...closed })).toBe('gate-closed');
  });

  it('the deadline is slotAt + tolerance, but never past the end of the row', () => {
    expect(deadlineOf({ slotAt: 1_000_000, expiresAt: null }, 20)).toBe(1_020_000);
    expect(deadlineOf({ slotAt: 1_000_000, expiresAt: 1_005_000 }, 20)).toBe(1_005_000);
    expect(onMonotonic(1_020_000, { wallMicros: 1_000_000, monotonicMs: 500 })).toBe(520);
  });
});

describe('places in flight', () => {
  it('are a hard limit', () => {
    const places = new PlacesInFlight();
    expect([places.take(2, 0), places.take(2, 0), places.take(2, 0)]).toEqual([true, true, false]);
    places.giveBack(0, 100);
    expect(places.take(2, 100)).toBe(true);
  });

  it('bear as many claims as will find a place free at their instant', () => {
    const places = new PlacesInFlight();
    places.take(10, 0);
    places.giveBack(0, 100);
    const room = () => places.hasRoom(10, 350, 100);
    let claimed = 0;
    for (; room() && claimed < 1_000; claimed += 1) places.expect(350);
    expect(claimed).toBe(40);
    places.arrive();
    expect(room()).toBe(true);
  });

  it('answers that do not come leave less room', () => {
    const places = new PlacesInFlight();
    for (let call = 0; call < 10; call += 1) places.take(10, 0);
    expect(places.hasRoom(10, 25_250, 25_000)).toBe(true);
    places.expect(25_250);
    expect(places.hasRoom(10, 25_250, 25_000)).toBe(false);
  });

  it('leave room for slots that come before claims of another partition', () => {
    const places = new PlacesInFlight();
    places.take(10, 0);
    places.giveBack(0, 100);
    for (let dueMs = 110; dueMs <= 500; dueMs += 10) if (dueMs % 50 !== 0) places.expect(dueMs);
    for (const dueMs of [150, 200, 250, 300, 350, 400, 450, 500]) {
      expect(places.hasRoom(10, dueMs, 100)).toBe(true);
      places.expect(dueMs);
    }
  });

  it('the share of a cap follows the partitions owned, and is never nothing', () => {
    expect([shareOfCap(40, 4, 4), shareOfCap(40, 1, 4), shareOfCap(2, 1, 4), shareOfCap(40, 0, 4)]).toEqual([40, 10, 1, 1]);
  });
});
