// The judge of a storm, judged: what it must find is put there by hand.
import type { ArrivalFact, SlotFact } from '../pacing/history.ts';
import { burstsOf, refusedOf, settledOf, type StormTerms } from './storm.ts';

const second = 1_000_000;
const terms: StormTerms = { account: 'a', configuredPerSecond: 50, loopMicros: 2 * second };
const slotAt = (at: number): SlotFact => ({
  ...{ account: 'a', lane: 'l', requestId: 'r', attempt: 1, number: at, era: 0, segments: 1 },
  slotAt: at,
});
/** A microsecond more apart than the pace asks: instants exactly a second apart count together. */
const paced = (from: number, to: number, perSecond: number): readonly SlotFact[] =>
  Array.from({ length: Math.round(((to - from) / second) * perSecond) }, (_, n) => slotAt(from + n * (second / perSecond + 1)));
const call = (at: number, accepted: boolean): ArrivalFact => ({ account: 'a', requestId: 'r', attempt: 1, at, accepted, answered: true });

const lowered = [{ account: 'a', perSecond: 10, at: 10 * second }];

describe('slots above the pace in force', () => {
  test('are none while they keep to it, nor before it is known', () => {
    const slots = [...paced(0, 12 * second, 50), ...paced(12 * second, 30 * second, 10)];
    expect(burstsOf(terms, { slots, rates: lowered })).toEqual([]);
  });

  test('are found when those who waited come back at once', () => {
    const slots = [...paced(12 * second, 30 * second, 10), ...paced(20 * second, 20.1 * second, 100)];
    expect(burstsOf(terms, { slots, rates: lowered })).toEqual([expect.stringContaining('while its pace was 10/s')]);
  });

  test('of another account, or after the pace was lifted, are none', () => {
    const lifted = [...lowered, { account: 'a', perSecond: null, at: 20 * second }, { account: 'b', perSecond: 1, at: 0 }];
    expect(burstsOf(terms, { slots: paced(23 * second, 30 * second, 50), rates: lifted })).toEqual([]);
  });
});

test('how it went is told from the first refusal on, without the time to settle and without the end', () => {
  const arrivals = [
    call(0, true),
    call(second, false),
    ...Array.from({ length: 40 }, (_, n) => call(11 * second + (n * second) / 2, n % 10 !== 0)),
    call(60 * second, false),
  ];
  const settled = settledOf({ ...terms, afterMicros: 10 * second, tail: 1 }, arrivals);
  expect(settled).toMatchObject({ seconds: 19.5, refusedShare: 0.1, bestPerSecond: 1.8 });
  expect(refusedOf(terms, arrivals)).toBe(6);
});
