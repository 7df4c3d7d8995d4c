// From what a client or a stretch did to its figures and their bars.
import { atLeast, atMost, figure, nothing, type Figure } from './judge/figure.ts';
import { quantile } from './judge/statistics.ts';
import type { ClientRun } from './sender-client-process.ts';
import type { BatchFacts, Called } from './sender-log.ts';
import type { StretchRun } from './sender-stretch.ts';

export const cpuBar = 160;
export const timesBare = 2;
export const kafkaRate = 2_000;
export const rssBar = 400;
export const heldCalls = 4_000;
export const latenessBar = 5;
/** The bar on processor time counts at this rate or above. */
const ownRate = 1_000;

const perThousand = (cpuMs: number, calls: number): number | null => (calls === 0 ? null : (cpuMs / calls) * 1_000);

export const cpuOf = ({ cpuMs, calls }: ClientRun): number | null => perThousand(cpuMs, calls);

const cpuMetric = { metric: 'CPU per 1,000 calls', unit: 'ms' };

interface Comparison {
  readonly isOurs: boolean;
  /** What ours is judged against. */
  readonly bare: ClientRun | null;
}

const ratio = (value: number | null, floor: number | null): number | null => (value === null || floor === null ? null : value / floor);

export function clientFigures(run: ClientRun, { isOurs, bare }: Comparison): Figure[] {
  const { calls, seconds, p50Ms, p99Ms, rssMb, failures, simulatorCpu } = run;
  const times = { metric: 'CPU against bare undici', value: ratio(cpuOf(run), bare === null ? null : cpuOf(bare)), unit: 'times' };
  return [
    figure({ metric: 'calls', value: calls / seconds, unit: '/s' }, isOurs ? atLeast(ownRate) : null),
    figure({ ...cpuMetric, value: cpuOf(run) }, isOurs ? atMost(cpuBar) : null),
    ...(isOurs ? [figure(times, atMost(timesBare))] : []),
    figure({ metric: 'call p50', value: p50Ms, unit: 'ms' }),
    figure({ metric: 'call p99', value: p99Ms, unit: 'ms' }),
    figure({ metric: 'RSS', value: rssMb, unit: 'MB' }),
    figure({ metric: 'calls that failed', value: failures, unit: 'calls' }),
    figure({ metric: 'CPU of simulator', value: simulatorCpu, unit: '% of a core' }),
  ];
}

interface Judged {
  readonly run: StretchRun;
  readonly facts: BatchFacts;
  /** Those whose call began in the measured part. */
  readonly calls: readonly Called[];
}

export function judgedOf(run: StretchRun, facts: BatchFacts): Judged {
  return { run, facts, calls: facts.called.filter(({ calledAt }) => calledAt >= run.from && calledAt < run.to) };
}

const secondsOf = ({ from, to }: StretchRun): number => (to - from) / 1_000_000;

const latenesses = ({ run, calls }: Judged): number[] =>
  calls.map(({ attemptId, calledAt }) => (calledAt - (run.slotAtOf.get(attemptId) ?? NaN)) / 1_000);

const latencies = ({ calls }: Judged): number[] =>
  calls.flatMap(({ calledAt, answeredAt }) => (answeredAt === null ? [] : [(answeredAt - calledAt) / 1_000]));

function lateness(judged: Judged, isJudged: boolean): Figure[] {
  const values = latenesses(judged);
  return [
    figure({ metric: 'lateness at fire p50', value: quantile(values, 0.5), unit: 'ms' }),
    figure({ metric: 'lateness at fire p99', value: quantile(values, 0.99), unit: 'ms' }, isJudged ? atMost(latenessBar) : null),
    figure({ metric: 'lateness at fire worst', value: quantile(values, 1), unit: 'ms' }),
  ];
}

/** Of a stretch in which calls are compared: rate, processor time, times, and what was not called. */
function common(judged: Judged, rateBar: boolean): Figure[] {
  const { run, facts, calls } = judged;
  const cpuMs = ((run.cpu.byProcess.get('sender') ?? NaN) / 100) * secondsOf(run) * 1_000;
  const missed = [...facts.missed.values()].reduce((sum, count) => sum + count, 0);
  return [
    figure({ metric: 'calls', value: calls.length / secondsOf(run), unit: '/s' }, rateBar ? atLeast(kafkaRate) : null),
    figure({ ...cpuMetric, value: perThousand(cpuMs, calls.length) }),
    figure({ metric: 'call p50', value: quantile(latencies(judged), 0.5), unit: 'ms' }),
    figure({ metric: 'call p99', value: quantile(latencies(judged), 0.99), unit: 'ms' }),
    figure({ metric: 'RSS', value: run.memory.at(-1)?.rssMb ?? null, unit: 'MB' }),
    figure({ metric: 'slots not called', value: (missed / run.slotAtOf.size) * 100, unit: '% of all' }),
    ...[...facts.missed].map(([why, count]) => figure({ metric: `slots ${why}`, value: count, unit: 'slots' })),
    figure({ metric: 'slots of which nothing is said', value: run.slotAtOf.size - facts.called.length - missed, unit: 'slots' }, nothing),
    figure({ metric: 'requests at the simulator that the log has no call for', value: run.requests - facts.called.length, unit: 'calls' }),
    ...[...run.cpu.byProcess].map(([name, percent]) => figure({ metric: `CPU of ${name}`, value: percent, unit: '% of a core' })),
  ];
}

export const rateFigures = (judged: Judged): Figure[] => [...common(judged, true), ...lateness(judged, false)];

export const latenessFigures = (judged: Judged): Figure[] => [...common(judged, false), ...lateness(judged, true)];

/** Memory counts while the simulator itself held so many calls. */
export function memoryFigures(judged: Judged): Figure[] {
  const held = judged.run.memory.filter(({ inFlight }) => inFlight >= heldCalls);
  const worst = held.length === 0 ? null : Math.max(...held.map(({ rssMb }) => rssMb));
  const most = Math.max(0, ...judged.run.memory.map(({ inFlight }) => inFlight));
  return [
    figure({ metric: `RSS with ${heldCalls} in flight`, value: worst, unit: 'MB' }, atMost(rssBar)),
    figure({ metric: 'RSS, largest', value: Math.max(...judged.run.memory.map(({ rssMb }) => rssMb)), unit: 'MB' }),
    figure({ metric: 'most calls in flight at the simulator', value: most, unit: 'calls' }),
    ...common(judged, false).filter(({ metric }) => metric.startsWith('slots') || metric.startsWith('requests')),
  ];
}
