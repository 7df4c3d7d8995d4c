// The cases of the product. Each has an account of its own, so that none meets what another left.
import { laneFigures } from '../judge/lane-figures.ts';
import { paceFigures, type PaceTerms } from '../judge/pace-figures.ts';
import { stopFigures, throttleFigures } from '../judge/reaction-figures.ts';
import { shareFigures } from '../judge/share-figures.ts';
import type { Figure } from '../judge/figure.ts';
import { senderNumber, type BatchPlan } from '../world/bench-rows.ts';
import { lateToleranceMs, sidOf, type BenchAccount } from '../world/bench-settings.ts';
import { nowMicros } from '../world/bench-world.ts';
import { rowsFor, type Judgement, type Marks, type Mode, type Party, type ProductCase } from './case.ts';

const terms: PaceTerms = { lateToleranceMs, judged: true };
const second = 1_000_000;

const account = (name: string, callsPerSecond: number, senders: readonly string[] = []): BenchAccount => ({
  name,
  callsPerSecond,
  // Room for twice the calls that are under way at the simulator's latency: the cap is not what is measured.
  maxInFlight: Math.min(5_000, Math.max(40, Math.ceil(callsPerSecond * 0.25))),
  senders,
});

const batch = (rows: number, over: Partial<BatchPlan> = {}): BatchPlan => ({
  weight: 1,
  rows,
  senders: [senderNumber(0)],
  costs: [1],
  ...over,
});

const party = (name: string, rate: number, seconds: number): Party => ({
  account: account(name, rate),
  batches: [batch(rowsFor(rate, seconds))],
});

const paced = ({ evidence }: Judgement): Figure[] => paceFigures(evidence, terms);

const seconds = (mode: Mode, full: number, quick: number): number => (mode === 'full' ? full : quick);

function idle(mode: Mode): ProductCase {
  const rows = batch(1_000, { notBefore: nowMicros() + 3_600 * second });
  return {
    name: 'nothing due',
    about: '1,000 rows wait that are not due for an hour, in processes that have worked before',
    seconds: seconds(mode, 20, 6),
    warmupSeconds: 0,
    parties: [{ account: account('idle', 50), batches: [rows] }],
    cpuBars: { pacer: 3, sender: 3 },
    judge: () => [],
  };
}

function slow(mode: Mode): ProductCase {
  const length = seconds(mode, 30, 10);
  return {
    name: '1 and 10/s',
    about: 'two accounts at once, at 1 and at 10 calls per second',
    seconds: length,
    split: true,
    warmupSeconds: 2,
    parties: [party('rate-1', 1, length), party('rate-10', 10, length)],
    judge: paced,
  };
}

function steadyRate(mode: Mode, rate: number): ProductCase {
  const length = seconds(mode, 30, 12);
  return {
    name: `${rate}/s`,
    about: `one account at ${rate} calls per second, rows always waiting`,
    seconds: length,
    warmupSeconds: seconds(mode, 3, 2),
    parties: [party(`rate-${rate}`, rate, length)],
    ...(rate >= 2_000 ? { cpuBars: { pacer: 20 } } : {}),
    judge: paced,
  };
}

const weights = [5, 3, 1];

function weighted(mode: Mode): ProductCase {
  const length = seconds(mode, 15, 11);
  const batches = weights.map((weight) => batch(Math.ceil((rowsFor(500, length) * weight) / 9), { weight }));
  return {
    name: 'weights 5:3:1',
    about: 'three batches of one account at 500 calls per second, weighted 5:3:1',
    seconds: length,
    warmupSeconds: 2,
    parties: [{ account: account('weights', 500), batches }],
    judge: ({ evidence, batchIds }) => [
      ...paceFigures(evidence, terms),
      ...shareFigures(evidence, new Map(batchIds.map((id, index) => [id, weights[index] ?? 0])), 10 * second),
    ],
  };
}

function lanes(mode: Mode): ProductCase {
  const length = seconds(mode, 30, 10);
  const senders = Array.from({ length: 200 }, (_, n) => senderNumber(n + 1));
  return {
    name: '200 lanes',
    about: '200 senders at one segment per second each, under an account at 500 calls per second',
    seconds: length,
    warmupSeconds: 3,
    parties: [{ account: account('lanes', 500, senders), batches: [batch(rowsFor(200, length), { senders })] }],
    judge: ({ evidence }) => [...slotLimitOnly(evidence), ...laneFigures(evidence, { limit: 1, lanes: senders.length, lateToleranceMs })],
  };
}

function segments(mode: Mode): ProductCase {
  const length = seconds(mode, 30, 10);
  const senders = Array.from({ length: 60 }, (_, n) => senderNumber(n + 1_001));
  return {
    name: 'segments 1, 2, 3',
    about: '60 senders at one segment per second each; their messages have 1, 2 and 3 segments in turn',
    seconds: length,
    warmupSeconds: 3,
    parties: [{ account: account('segments', 500, senders), batches: [batch(rowsFor(60, length), { senders, costs: [1, 2, 3] })] }],
    judge: ({ evidence }) => [...slotLimitOnly(evidence), ...laneFigures(evidence, { limit: 1, lanes: senders.length, lateToleranceMs })],
  };
}

/** Of an account that its lanes hold below its own pace, only its limit can be judged, not its rate. */
function slotLimitOnly(evidence: Judgement['evidence']): Figure[] {
  const kept = ['slots', 'slots over the limit in any second', 'arrivals', 'slots returned late', 'arrival rate', 'write to arrival p99.9'];
  return paceFigures(evidence, terms).filter(({ metric }) => kept.includes(metric));
}

/** Names whose records lie in four different partitions, so that each pacer has some. */
const pairs = ['pair-a', 'pair-b', 'pair-c', 'pair-e'];

function twoOfEach(mode: Mode): ProductCase {
  const length = seconds(mode, 30, 10);
  return {
    name: 'two pacers, two senders',
    about: 'four accounts at 125 calls per second each, shared by two pacers and two senders; figures are the worst of the four',
    seconds: length,
    warmupSeconds: seconds(mode, 3, 2),
    parties: pairs.map((name) => party(name, 125, length)),
    before: (world) => world.startSeconds(),
    after: (world) => world.stopSeconds(),
    judge: paced,
  };
}

const lowerRate = 5;

/** The pace, a pause, the pace again, then a hundredth of it. */
async function stopAndSlow(world: Parameters<NonNullable<ProductCase['during']>>[0]): Promise<Marks> {
  const entity = 'account:stop';
  await world.wait(3_000);
  const pausedAt = await world.wish({ entity, aspect: 'paused', value: true });
  await world.wait(3_000);
  const resumedAt = await world.wish({ entity, aspect: 'paused', value: null });
  await world.wait(3_000);
  const loweredAt = await world.wish({ entity, aspect: 'rate', value: lowerRate });
  await world.wait(4_000);
  return { pausedAt, resumedAt, loweredAt };
}

function stopping(): ProductCase {
  const always = ['slots over the limit in any second', 'worst second of arrivals', 'slots', 'arrivals', 'write to arrival p99.9'];
  return {
    name: 'pause, resume, lower rate',
    about: 'at 500 calls per second: pause, resume after 3 s, then lower the rate to 5',
    seconds: 13,
    warmupSeconds: 0,
    parties: [{ account: account('stop', 500), batches: [batch(rowsFor(500, 10))] }],
    during: stopAndSlow,
    after: async (world) => void (await world.wish({ entity: 'account:stop', aspect: 'rate', value: null })),
    judge: ({ evidence, marks }) => [
      ...paceFigures(evidence, terms).filter(({ metric }) => always.includes(metric)),
      ...stopFigures(evidence, {
        pausedAt: marks['pausedAt'] ?? 0,
        resumedAt: marks['resumedAt'] ?? 0,
        loweredAt: marks['loweredAt'] ?? 0,
        lowerRate,
      }),
    ],
  };
}

/** Places at the simulator: with answers after 100 ms, 40 % of 500 calls per second. */
const places = 20;

function throttled(mode: Mode, sid: string): ProductCase {
  return {
    name: '20429, true cap 40 %',
    about: '500 calls per second configured, the far side bears 200: it answers 20429 above 20 calls at once, 100 ms each',
    seconds: seconds(mode, 60, 36),
    warmupSeconds: 0,
    once: true,
    parties: [{ account: account('throttle', 500), batches: [batch(rowsFor(300, 60))] }],
    before: (world) => world.ledger.configure({ capByAccount: { [sid]: places }, latency: { medianMs: 100, p99Ms: 100 } }),
    after: (world) => world.resetSimulator(),
    judge: ({ evidence }) => [
      ...paceFigures(evidence, terms).filter(({ metric }) =>
        ['slots', 'slots over the limit in any second', 'arrivals', 'calls without a decision'].includes(metric),
      ),
      ...throttleFigures(evidence, { places, settleUs: 30 * second }),
    ],
  };
}

export interface ProductCases {
  readonly accounts: readonly BenchAccount[];
  readonly cases: readonly ProductCase[];
}

export function productCases(mode: Mode): ProductCases {
  const others = [
    slow(mode),
    ...[50, 500, 2_000].map((rate) => steadyRate(mode, rate)),
    weighted(mode),
    lanes(mode),
    segments(mode),
    stopping(),
    idle(mode),
    twoOfEach(mode),
  ];
  const accounts = others.flatMap(({ parties }) => parties.map((one) => one.account));
  const throttle = throttled(mode, sidOf(accounts.length));
  return { accounts: [...accounts, ...throttle.parties.map((one) => one.account)], cases: [...others, throttle] };
}
