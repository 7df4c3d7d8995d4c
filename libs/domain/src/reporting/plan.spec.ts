import { PlanLoad, type PlannedRow } from './plan-load.ts';
import { limitTimes } from './plan-limits.ts';
import type { PlanAccount } from './plan-account.ts';
import { planOf, type Plan } from './plan.ts';

/** A Sunday, noon in UTC. */
const start = Date.UTC(2026, 10, 22, 12) * 1_000;
const lane = 'messages:0a1b2c3d4e5f';
const terms = { start, answerSeconds: 0.5 };

const demo: PlanAccount = {
  ...{ name: 'demo', callsPerSecond: 50, maxInFlight: 40, apiLimits: { calls: 1, studio: 20 }, dailyReset: { at: '00:00', zone: 'UTC' } },
  ...{ laneRates: new Map([[lane, 1]]), unlistedSegmentsPerSecond: null, dailyCap: null, quietHours: null },
};
const row = (over: Partial<PlannedRow> = {}): PlannedRow => ({
  ...{ account: 'demo', api: 'messages', lane: 'messages', cost: 1, priority: 0, notBefore: null, expiresAt: null, timeZone: null },
  ...over,
});
const rows = (n: number, over: Partial<PlannedRow> = {}): PlannedRow[] => Array.from({ length: n }, () => row(over));

function loadOf(planned: readonly PlannedRow[], { account = demo, most = 1_000_000 } = {}): PlanLoad {
  const load = new PlanLoad(new Map([['demo', account]]), start, most);
  for (const one of planned) load.add(one);
  return load;
}
const limitsOf = (planned: readonly PlannedRow[], account = demo) => {
  const load = loadOf(planned, { account }).accounts.get('demo');
  return load === undefined ? [] : limitTimes(load, terms).map(({ kind, of, seconds }) => [kind, of, seconds]);
};

const assumptions = { answerSeconds: 0.5, minShare: 0.05 };
const closedForm = (planned: readonly PlannedRow[], account = demo): Plan => planOf(loadOf(planned, { account, most: 0 }), assumptions);
const decided = (planned: readonly PlannedRow[], account = demo): Plan => planOf(loadOf(planned, { account }), assumptions);
const codesOf = ({ problems }: Plan): string[] => problems.map(({ code }) => code);

describe('which limit binds', () => {
  test('the account, when rows spread over its lanes', () => {
    expect(limitsOf(rows(501))[0]).toEqual(['account', '', 10]);
  });

  test('a lane by its segments', () => {
    expect(limitsOf([...rows(101), ...rows(20, { lane, cost: 3 })])[0]).toEqual(['lane', lane, 59]);
  });

  test('an API by its calls', () => {
    expect(limitsOf(rows(61, { api: 'calls', lane: 'calls' }))[0]).toEqual(['api', 'calls', 60]);
  });

  test('calls in flight, when answers take long', () => {
    expect(limitsOf(rows(101), { ...demo, callsPerSecond: 500, maxInFlight: 5 })[0]).toEqual(['in-flight', '', 10]);
  });

  test('a daily cap: full days from reset to reset', () => {
    expect(limitsOf(rows(251), { ...demo, dailyCap: 100 })[0]).toEqual(['daily-cap', '', 12 * 3_600 + 86_400 + 1]);
    expect(limitsOf(rows(100), { ...demo, dailyCap: 100 })[0]).toEqual(['account', '', 1.98]);
  });

  test('a lane that is not listed has the limit of unlisted ones, other APIs none', () => {
    const account = { ...demo, unlistedSegmentsPerSecond: 2 };
    expect(limitsOf(rows(101, { lane: 'messages:ffffffffffff' }), account)[0]).toEqual(['lane', 'messages:ffffffffffff', 50]);
    expect(limitsOf(rows(101, { api: 'verify', lane: 'verify' }), account)[0]?.[0]).toBe('account');
  });
});

describe('a plan from sums', () => {
  test('says so, and ends when the limit that binds lets it', () => {
    expect(closedForm(rows(5_001))).toMatchObject({
      method: 'closed-form',
      seconds: 100,
      endsAt: '2026-11-22T12:01:40.000000Z',
      problems: [],
    });
  });

  test('waits for rows that may not go earlier', () => {
    expect(closedForm(rows(10, { notBefore: start + 3_600e6 })).seconds).toBe(3_600);
  });

  test('counts rows that would expire before their turn', () => {
    const plan = closedForm(rows(100, { lane, expiresAt: start + 50e6 }));
    expect(plan.accounts[0]?.expired).toBe(49);
    expect(plan.problems).toEqual([{ code: 'expires-before-sent', text: expect.stringMatching(/^49 rows would expire/) as string }]);
  });

  test('leaves out quiet hours, and says what they add', () => {
    const quietHours = { from: '21:00', to: '08:00', apis: ['messages', 'calls'], unknownZone: 'hold' } as const;
    const account = { ...demo, callsPerSecond: 1, quietHours };
    const plan = closedForm(rows(10 * 3_600 + 1, { timeZone: 'UTC' }), account);
    expect(plan).toMatchObject({ endsAt: '2026-11-23T09:00:00.000000Z', quietHours: { addedSeconds: 11 * 3_600, unknownZone: 0 } });
    expect(closedForm(rows(10), account).warnings).toEqual([
      expect.stringMatching(/10 rows have a recipient whose time zone is not known/),
    ]);
  });

  test('a run of more than a week is warned of, one that outlives the log of its answers is refused', () => {
    const slow = { ...demo, callsPerSecond: 0.1 };
    const week = closedForm(rows(90_000), slow);
    expect(week.problems).toEqual([]);
    expect(week.warnings).toEqual([expect.stringMatching(/takes 10\.4 d: paceline\.slots forgets its records after 7 d/)]);
    expect(closedForm(rows(300_000), slow).problems).toEqual([
      {
        code: 'beyond-retention',
        text: expect.stringMatching(/34\.7 d away, and paceline\.refusals forgets its records after 30 d/) as string,
      },
    ]);
  });
});

describe('a plan by the decider', () => {
  /** The two ways agree where both can tell; a slot may lie a spacing after its instant. */
  test.each([
    ['the account', rows(501), demo],
    ['a lane', [...rows(101), ...rows(20, { lane, cost: 3 })], demo],
    ['an API', rows(61, { api: 'calls', lane: 'calls' }), demo],
    ['calls in flight', rows(101), { ...demo, callsPerSecond: 500, maxInFlight: 5 }],
    ['a daily cap', rows(251), { ...demo, dailyCap: 100 }],
  ])('agrees with the sums when %s binds', (_name, planned, account) => {
    const [real, sums] = [decided(planned, account), closedForm(planned, account)];
    expect(real.method).toBe('decider');
    expect(Math.abs(real.seconds - sums.seconds)).toBeLessThanOrEqual(3);
    expect(real.problems).toEqual([]);
  });

  test('a slow lane does not hold the others back, and ends last', () => {
    const plan = decided([...rows(100, { lane }), ...rows(500)]);
    expect(plan.seconds).toBeGreaterThanOrEqual(99);
    expect(plan.seconds).toBeLessThanOrEqual(102);
  });

  const quietHours = { from: '21:00', to: '08:00', apis: ['messages'], unknownZone: 'hold' } as const;

  test('keeps quiet hours, and says what they add', () => {
    const plan = decided(rows(10 * 360 + 1, { timeZone: 'UTC' }), { ...demo, callsPerSecond: 0.1, quietHours });
    expect(plan.endsAt.slice(0, 16)).toBe('2026-11-23T09:00');
    expect(plan.quietHours?.unknownZone).toBe(0);
    expect(Math.abs((plan.quietHours?.addedSeconds ?? 0) - 11 * 3_600)).toBeLessThan(60);
  });

  test('rows of an unknown zone wait for a person: a warning, no problem', () => {
    const plan = decided([...rows(5, { timeZone: 'UTC' }), ...rows(3)], { ...demo, quietHours });
    expect(plan.accounts[0]?.held).toBe(3);
    expect(plan.warnings).toEqual([expect.stringMatching(/^3 rows have a recipient whose time zone is not known/)]);
    expect(plan.problems).toEqual([]);
  });

  test('counts rows that expire before their turn', () => {
    const plan = decided(rows(100, { lane, expiresAt: start + 50e6 }));
    expect(codesOf(plan)).toEqual(['expires-before-sent']);
    expect(plan.accounts[0]?.expired).toBeGreaterThan(45);
    expect(plan.accounts[0]?.expired).toBeLessThan(52);
  });

  test('jumps over time in which nothing can go', () => {
    expect(decided(rows(10, { notBefore: start + 20 * 86_400e6 })).seconds).toBeGreaterThanOrEqual(20 * 86_400);
  });

  test('of nothing is refused', () => {
    expect(codesOf(decided([]))).toEqual(['nothing-admitted']);
  });
});
