import { ControlIndex } from './control-index.ts';
import { deadlineOf, lastCheck, onMonotonic } from './last-check.ts';
import { PlacesInFlight, shareOfCap } from './places-in-flight.ts';
import { control, request } from './sending.suite.ts';

describe('controls', () => {
  const gateWith = (...set: [entity: string, aspect: string, value: unknown][]) => {
    const index = new ControlIndex();
    set.forEach(([entity, aspect, value], at) => index.apply(`${entity}/${aspect}/${at}`, control(entity, aspect, value)));
    return index.gateOf(request());
  };

  it.each([
    ['account:demo', 'paused', 'account-paused'],
    ['lane:messages:abc', 'parked', 'account-paused'],
    ['lane:demo/messages:abc', 'parked', 'account-paused'],
    ['batch:b1', 'paused', 'batch-paused'],
    ['account:demo', 'breaker', 'breaker-open'],
  ])('%s %s returns the slot', (entity, aspect, reason) => {
    expect(gateWith([entity, aspect, true])).toEqual({ act: 'return', reason });
  });

  it('cancelled ends the row, whatever else is set', () => {
    expect(gateWith(['account:demo', 'paused', true], ['batch:b1', 'cancelled', true])).toEqual({ act: 'close' });
  });

  it('of another account, batch or lane, lifted or false: open', () => {
    expect(gateWith(['account:other', 'paused', true], ['batch:b1', 'paused', false], ['account:demo', 'breaker', null])).toBeNull();
  });

  it('a half-open breaker lets the granted probe through; an unknown state does not', () => {
    expect(gateWith(['account:demo', 'breaker', 'half-open'])).toBeNull();
    expect(gateWith(['account:demo', 'breaker', { state: 'closed' }])).toBeNull();
    expect(gateWith(['account:demo', 'breaker', 'odd'])).toEqual({ act: 'return', reason: 'breaker-open' });
  });

  it('the lowest cap counts, and a change replaces the old value', () => {
    const index = new ControlIndex();
    index.apply('a', control('account:demo', 'cap', 30));
    index.apply('b', control('account:demo', 'cap', 10));
    expect(index.capOf('demo')).toBe(10);
    index.apply('b', undefined);
    expect(index.capOf('demo')).toBe(30);
  });
});

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
    const room = () => places.hasRoom(10, 250, 100);
    let claimed = 0;
    for (; room() && claimed < 1_000; claimed += 1) places.expect();
    expect(claimed).toBe(35);
    places.arrive();
    expect(room()).toBe(true);
  });

  it('answers that do not come leave less room', () => {
    const places = new PlacesInFlight();
    for (let call = 0; call < 10; call += 1) places.take(10, 0);
    expect(places.hasRoom(10, 250, 25_000)).toBe(true);
    places.expect();
    expect(places.hasRoom(10, 250, 25_000)).toBe(false);
  });

  it('the share of a cap follows the partitions owned, and is never nothing', () => {
    expect([shareOfCap(40, 4, 4), shareOfCap(40, 1, 4), shareOfCap(2, 1, 4), shareOfCap(40, 0, 4)]).toEqual([40, 10, 1, 1]);
  });
});
