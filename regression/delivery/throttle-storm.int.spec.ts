// A server that bears 40 % of the configured pace and refuses the rest (429), to one account without a word about when to
// come back, to another with Retry-After: every row is called to success, once; the pace settles below what the server
// bears; and when a Retry-After is over, the rows that waited for it do not come back at once. Beside them an account whose
// credentials are refused for a while (401): its calls stop, and none of its rows is lost for it.
import { accountAt } from '../pacing/bench-accounts.ts';
import { judge } from '../pacing/judge.ts';
import { PacingBench } from '../pacing/pacing-bench.ts';
import { burstsOf, refusedOf, settledOf, type StormFacts, type StormTerms } from './storm.ts';

const callsPerSecond = 50;
/** So many calls in flight, each of half a second: 20 calls a second, 40 % of the pace. */
const placesThere = 10;
const answerMs = 500;
const bearable = placesThere / (answerMs / 1_000);
const rows = 700;
const settlingMicros = 20_000_000;
/** The lead of the slots, a control on its way, and room for a busy machine. */
const loopMicros = 2_500_000;
const lockedOutMs = 4_000;

const silent = accountAt(0, callsPerSecond);
const told = accountAt(1, callsPerSecond);
const locked = accountAt(2, callsPerSecond);
const throttled = [silent, told];
const termsOf = ({ name }: { name: string }): StormTerms => ({ account: name, configuredPerSecond: callsPerSecond, loopMicros });

describe('a storm of refusals', () => {
  let bench: PacingBench;
  let facts: StormFacts;
  let violations: readonly string[];
  let outcomes: object;

  beforeAll(async () => {
    bench = await PacingBench.create({ accounts: [...throttled, locked] });
    await bench.simulate('POST', '/_sim/config', {
      latency: { medianMs: answerMs, p99Ms: answerMs },
      capByAccount: { [silent.sid]: placesThere, [told.sid]: placesThere },
      retryAfterByAccount: { [told.sid]: { form: 'seconds', seconds: 3 } },
    });
    await bench.simulate('POST', '/_sim/faults', {
      match: { account: locked.sid, fromMs: 4_000, untilMs: 4_000 + lockedOutMs },
      action: { type: 'code', code: 20003 },
    });
    const requests = await bench.feed([...throttled, locked].map((account) => ({ account, rows })));
    await bench.closed(requests, 150_000);
    const history = await bench.evidence.history(requests);
    facts = { ...history, rates: await bench.evidence.adaptedRates() };
    const verdict = judge(history, bench);
    violations = verdict.violations;
    outcomes = verdict.measures.outcomes;
  }, 300_000);
  afterAll(() => bench.dispose(), 60_000);

  it('ends with every row accepted, each exactly once, no second above any limit', () => {
    expect({ violations, outcomes }).toEqual({ violations: [], outcomes: { 'accepted: accepted': 3 * rows } });
  });

  it.each([
    ['without Retry-After', silent],
    ['with Retry-After', told],
  ])('429 %s: the pace settles below what the server bears', (_title, account) => {
    const settled = settledOf({ ...termsOf(account), afterMicros: settlingMicros, tail: 60 }, facts.arrivals);
    expect(settled.seconds).toBeGreaterThan(3);
    // Unadapted, as many would be refused for ever as above the limit were configured. The bar of 2 % is the benchmark's.
    expect(settled.refusedShare).toBeLessThanOrEqual((1 - bearable / callsPerSecond) / 4);
    expect(settled.offeredPerSecond).toBeLessThanOrEqual(bearable * 1.1);
    // How near it comes is measured by npm run bench:pacing; here it must only not give up most of it, on a busy machine too.
    expect(settled.bestPerSecond).toBeGreaterThanOrEqual(bearable * 0.6);
  });

  it('429: never more slots in a second than the pace then in force, also when a Retry-After is over', () => {
    expect(throttled.flatMap((account) => burstsOf(termsOf(account), facts))).toEqual([]);
  });

  it('401: the account is left alone until it is taken again, but for what was under way and the probes', () => {
    const refused = refusedOf(termsOf(locked), facts.arrivals);
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan((callsPerSecond * lockedOutMs) / 1_000);
  });
});
