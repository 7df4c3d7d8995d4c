// The judge must be able to fail: each planted violation is told, and a clean history is not.
import type { History, SlotFact } from './history.ts';
import { judge, limitsOf, rateOf, type JudgeTerms } from './judge.ts';
import { longestGap, quantile, slotWindows, worstWindow, writeToArrival } from './windows.ts';

const terms: JudgeTerms = { accounts: [{ name: 'a', callsPerSecond: 10, lanes: new Map([['slow', 1]]) }], lateToleranceMs: 20 };
const start = 1_000_000_000;
const gap = 100_001;

const slot = (n: number, over: Partial<SlotFact> = {}): SlotFact => ({
  account: 'a',
  lane: 'fast',
  requestId: `r${n}`,
  attempt: 1,
  number: n,
  era: 1,
  slotAt: start + n * gap,
  segments: 1,
  ...over,
});

type Mutable = {
  -readonly [K in keyof History]: History[K] extends readonly (infer T)[] ? T[] : History[K] extends ReadonlySet<infer T> ? Set<T> : never;
};

/** n rows, each with one slot, one claim, one call and one outcome, as they should be. */
function clean(n = 40): Mutable {
  const slots = Array.from({ length: n }, (_, i) => slot(i));
  const use = ({ account, requestId, attempt, number }: SlotFact) => ({ account, requestId, attempt, number });
  return {
    rows: new Set(slots.map(({ requestId }) => requestId)),
    slots,
    returns: [],
    claims: slots.map((own) => ({ ...use(own), sender: 's', deadline: own.slotAt + 20_000, partition: 0 })),
    responses: slots.map(({ requestId, slotAt }) => ({ requestId, attempt: 1, class: 'ACCEPTED', calledAt: slotAt + 500, recordedMs: 10 })),
    outcomes: slots.map(({ requestId }) => ({ requestId, outcome: 'accepted', reason: 'accepted', recordedMs: 20 })),
    arrivals: slots.map(({ account, requestId, slotAt }) => ({
      account,
      requestId,
      attempt: 1,
      at: slotAt + 1_500,
      accepted: true,
      answered: true,
    })),
  };
}

const told = (change: (history: Mutable) => void, n = 40): readonly string[] => {
  const history = clean(n);
  change(history);
  return judge(history, terms).violations;
};
const first = <T>(items: readonly T[]): T => items[0] as T;

describe('the judge', () => {
  it('finds nothing in a clean run and measures it', () => {
    const { violations, measures } = judge(clean(), terms);
    expect(violations).toEqual([]);
    expect(measures).toMatchObject({
      rows: 40,
      slots: 40,
      calls: 40,
      returned: 0,
      transitP999Ms: 1,
      outcomes: { 'accepted: accepted': 40 },
    });
    expect(measures.slotWindows.map(({ worst, allowed }) => [worst, allowed])).toEqual([
      [10, 10],
      [0, 1],
    ]);
  });

  it.each<[string, RegExp, (history: Mutable) => void]>([
    [
      'one slot too many in a second',
      /a: 11 granted in a second, 10\.00 allowed/,
      ({ slots }) => slots.forEach((own, n) => (slots[n] = { ...own, slotAt: start + n * 100_000 })),
    ],
    [
      'a lane over its own limit',
      /a slow: 2 granted/,
      ({ slots }) => slots.forEach((own, n) => (slots[n] = n % 9 === 0 ? { ...own, lane: 'slow' } : own)),
    ],
    [
      'arrivals over the limit',
      /a: \d+ arrived in a second/,
      ({ arrivals }) => arrivals.forEach((own, n) => (arrivals[n] = { ...own, at: start + n * 50_000 })),
    ],
    ['a number used for two slots', /slot a\/3 was granted twice/, ({ slots }) => (slots[4] = slot(4, { number: 3 }))],
    ['an attempt that holds two slots', /r3#1 holds 2 slots: 3, 40/, ({ slots }) => slots.push(slot(40, { requestId: 'r3' }))],
    ['a slot claimed twice', /slot a\/0 was used twice/, ({ claims }) => claims.push(first(claims))],
    [
      'a slot claimed and returned',
      /slot a\/0 was used twice/,
      ({ claims, returns }) => returns.push({ ...first(claims), reason: 'late' }),
    ],
    [
      'a claim of a slot that was never granted',
      /r0#1 used slot a\/77, which it never had/,
      ({ claims }) => (claims[0] = { ...first(claims), number: 77 }),
    ],
    ['a slot for a row that nobody admitted', /r0 had a slot and was never admitted/, ({ rows }) => rows.delete('r0')],
    ['a call without a claim', /r0#1 was called without a claim/, ({ claims }) => claims.shift()],
    [
      'one attempt called twice',
      /r0#1 was called twice/,
      ({ arrivals }) => arrivals.push({ ...first(arrivals), at: start + 900 * gap, accepted: false }),
    ],
    [
      'one request accepted twice',
      /r0 was accepted twice/,
      ({ arrivals, claims }) => {
        claims.push({ ...first(claims), attempt: 2, number: 99 });
        arrivals.push({ ...first(arrivals), attempt: 2, at: start + 900 * gap });
      },
    ],
    ['a row without an outcome', /r0 has no outcome; last on record: ACCEPTED for attempt 1/, ({ outcomes }) => outcomes.shift()],
    [
      'a row with two outcomes',
      /r0 has outcomes accepted, unknown/,
      ({ outcomes }) => outcomes.push({ ...first(outcomes), outcome: 'unknown' }),
    ],
    [
      'an outcome of a row that nobody admitted',
      /ghost has an outcome/,
      ({ outcomes }) => outcomes.push({ ...first(outcomes), requestId: 'ghost' }),
    ],
    [
      'unknown in spite of an answer',
      /r0 is unknown \(claim-without-response\) and had an answer/,
      ({ outcomes }) => (outcomes[0] = { requestId: 'r0', outcome: 'unknown', reason: 'claim-without-response', recordedMs: 4_500 }),
    ],
    [
      'unknown without a claim',
      /r0 is unknown \(undecodable\) without a claim/,
      ({ outcomes, claims, arrivals }) => {
        outcomes[0] = { requestId: 'r0', outcome: 'unknown', reason: 'undecodable', recordedMs: 20 };
        claims.shift();
        arrivals.shift();
      },
    ],
    [
      'accepted, which never happened',
      /r0 is accepted, which the server never did/,
      ({ arrivals }) => (arrivals[0] = { ...first(arrivals), accepted: false }),
    ],
    [
      'rejected, though it was accepted',
      /r0 is rejected and the server accepted it/,
      ({ outcomes }) => (outcomes[0] = { requestId: 'r0', outcome: 'rejected', reason: 'throttled-out', recordedMs: 20 }),
    ],
  ])('tells of %s', (_, message, change) => {
    expect(told(change)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });

  it('lets an attempt have a second slot when the first came back', () => {
    const { returns, slots, claims, ...rest } = clean();
    returns.push({ account: 'a', requestId: 'r0', attempt: 1, number: 0, reason: 'late' });
    slots.push(slot(40, { requestId: 'r0' }));
    claims[0] = { ...first(claims), number: 40 };
    expect(judge({ ...rest, returns, slots, claims }, terms).violations).toEqual([]);
  });

  it('bears unknown when the answer came after the horizon, unless the router had long to read it', () => {
    const history = clean();
    const startMs = start / 1_000;
    const unknownAt = (recordedMs: number): readonly string[] => {
      history.outcomes[0] = { requestId: 'r0', outcome: 'unknown', reason: 'claim-without-response', recordedMs };
      history.responses[0] = { ...first(history.responses), recordedMs: startMs + 6_000 };
      return judge(history, terms).violations;
    };
    expect(unknownAt(startMs + 7_000)).toEqual([]);
    expect(unknownAt(startMs + 17_000)).toEqual([expect.stringMatching(/r0 is unknown .* had an answer/)]);
  });

  it('tells at most twenty violations', () => {
    expect(told(({ outcomes }) => outcomes.splice(0), 100)).toHaveLength(20);
  });
});

describe('windows', () => {
  it('count both ends where they are told to', () => {
    const points = [0, 1_000_000].map((at) => ({ at, cost: 1 }));
    expect([worstWindow(points, 1_000_000, 'both'), worstWindow(points, 1_000_000, 'first')]).toEqual([2, 1]);
  });

  it('slide: a burst across two whole seconds is seen', () => {
    const points = [900, 950, 990, 1_010, 1_050, 1_090].map((ms) => ({ at: ms * 1_000, cost: 1 }));
    expect(worstWindow(points, 200_000, 'first')).toBe(6);
  });

  it('weigh slots by their segments, and let the largest overdraw a lane by its own cost less one', () => {
    const lane = [0, 3, 4].map((n) => slot(n, { lane: 'slow', slotAt: start + n * 1_000_001, segments: n === 0 ? 3 : 1 }));
    const [, slow] = slotWindows(lane, limitsOf(terms.accounts));
    expect(slow).toEqual({ limit: 'a slow', worst: 3, allowed: 3 });
  });

  it('do not join the slots of two clock eras', () => {
    const slots = [
      ...Array.from({ length: 10 }, (_, n) => slot(n)),
      ...Array.from({ length: 10 }, (_, n) => slot(n, { number: 50 + n, era: 2 })),
    ];
    expect(first(slotWindows(slots, limitsOf(terms.accounts))).worst).toBe(10);
  });
});

describe('measures', () => {
  it('write-to-arrival knows only calls whose answer was recorded', () => {
    const { arrivals, responses } = clean(3);
    expect(writeToArrival({ arrivals, responses: responses.slice(1) })).toEqual([1_000, 1_000]);
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2);
    expect(quantile([], 0.999)).toBe(0);
  });

  it('the longest gap is between neighbours, and from the given instant to the first', () => {
    expect(longestGap([50, 10, 20])).toBe(30);
    expect(longestGap([50, 40], 0)).toBe(40);
    expect(longestGap([])).toBe(0);
  });

  it('the rate is that of the whole run', () => {
    expect(rateOf([0, 500_000, 1_000_000])).toBe(2);
  });
});
