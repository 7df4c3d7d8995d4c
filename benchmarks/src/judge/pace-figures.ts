// The figures of one paced account, against the bars of the design. Nothing here knows who made the calls.
import { instants, steady, type Evidence } from './evidence.ts';
import { atLeast, atMost, figure, nothing, within, type Bar, type Figure } from './figure.ts';
import { overLimit, second, tenth, worstWindow } from './sliding-window.ts';
import { errorPercent, gapErrorsMs, leastSquaresRate, quantile } from './statistics.ts';

export interface PaceTerms {
  /** A slot is sent within this much of its instant, or never; milliseconds. */
  readonly lateToleranceMs: number;
  /** Peers are measured, not judged. */
  readonly judged: boolean;
}

const barIf = (applies: boolean, bar: Bar): Bar | null => (applies ? bar : null);

/** Worst 100 ms against a tenth of the limit, percent above it. */
function tenthOver(times: readonly number[], limit: number): number | null {
  return times.length === 0 ? null : errorPercent(worstWindow({ times }, tenth), limit / 10);
}

/** Of slots no two eras share a clock: each is judged by itself. */
function slotsOverLimit({ slots, limit }: Evidence): number {
  const eras = new Map<number, number[]>();
  for (const { era, at } of slots) {
    const times = eras.get(era) ?? [];
    times.push(at);
    eras.set(era, times);
  }
  return Math.max(0, ...[...eras.values()].map((times) => overLimit({ times }, limit)));
}

export function slotFigures(evidence: Evidence, { judged }: PaceTerms): Figure[] {
  const { slots, limit, lost, returnedLate } = evidence;
  const n = slots.length;
  const rate = leastSquaresRate(instants(steady(slots, evidence)));
  const share = (part: number | null): number | null => (part === null || n === 0 ? null : (part / n) * 100);
  return [
    figure({ metric: 'slots', value: n, unit: 'slots', joining: 'sum' }),
    figure(
      { metric: 'slots over the limit in any second', value: n === 0 ? null : slotsOverLimit(evidence), unit: 'slots' },
      barIf(judged, nothing),
    ),
    figure({ metric: 'worst second of slots', value: worstWindow({ times: instants(slots) }, second), unit: 'slots' }),
    figure({ metric: 'worst 100 ms of slots', value: tenthOver(instants(slots), limit), unit: '% over fair share' }),
    figure(
      { metric: 'rate error of slots', value: errorPercent(rate, limit), unit: '%', joining: 'furthest' },
      barIf(judged && limit >= 50 && limit <= 2_000, within(0.3)),
    ),
    figure({ metric: 'slots returned late', value: share(returnedLate), unit: '% of slots' }, barIf(judged, atMost(1))),
    figure({ metric: 'lost capacity', value: share(lost), unit: '% of slots' }),
  ];
}

/** From the instant the sender stamped to the ledger's, milliseconds; both clocks are this machine's. */
function writeToArrivalMs({ arrivals, calledAt }: Evidence): number[] {
  const delays: number[] = [];
  for (const { at, attemptId } of arrivals) {
    const called = attemptId === null ? undefined : calledAt.get(attemptId);
    if (called !== undefined) delays.push((at - called) / 1_000);
  }
  return delays;
}

function afterSlotMs(evidence: Evidence): number[] {
  const slotOf = new Map(evidence.slots.map(({ attemptId, at }) => [attemptId, at]));
  const delays: number[] = [];
  for (const { at, attemptId } of steady(evidence.arrivals, evidence)) {
    const slot = attemptId === null ? undefined : slotOf.get(attemptId);
    if (slot !== undefined) delays.push((at - slot) / 1_000);
  }
  return delays;
}

/** The most arrivals a sliding second may hold: the late tolerance and the way to the ledger move arrivals together. */
export function arrivalsAllowed(limit: number, lateToleranceMs: number, jitterMs: number): number {
  return limit * (1 + (lateToleranceMs + Math.max(0, jitterMs)) / 1_000) + 2;
}

export function arrivalFigures(evidence: Evidence, { judged, lateToleranceMs }: PaceTerms): Figure[] {
  const { arrivals, limit } = evidence;
  const times = instants(arrivals);
  const rate = leastSquaresRate(instants(steady(arrivals, evidence)));
  const worst = worstWindow({ times }, second);
  const jitterMs = quantile(writeToArrivalMs(evidence), 0.999) ?? 0;
  const allowed = atMost(arrivalsAllowed(limit, lateToleranceMs, jitterMs), { always: true });
  return [
    figure({ metric: 'arrivals', value: times.length, unit: 'calls', joining: 'sum' }),
    figure(
      { metric: 'arrival rate', value: rate, unit: 'calls/s', joining: 'sum' },
      barIf(judged && limit >= 2_000, atLeast(limit * 0.997)),
    ),
    figure({ metric: 'rate error of arrivals', value: errorPercent(rate, limit), unit: '%', joining: 'furthest' }),
    figure({ metric: 'worst second of arrivals', value: times.length === 0 ? null : worst, unit: 'calls' }, barIf(judged, allowed)),
    figure({ metric: 'worst second of arrivals over the limit', value: errorPercent(worst, limit), unit: '% over limit' }),
    figure(
      { metric: 'worst 100 ms of arrivals', value: tenthOver(times, limit), unit: '% over fair share' },
      barIf(judged && limit >= 500, atMost(15)),
    ),
  ];
}

export function punctualityFigures(evidence: Evidence, { judged }: PaceTerms): Figure[] {
  const { limit } = evidence;
  const gaps = gapErrorsMs(instants(steady(evidence.arrivals, evidence)), limit);
  const after = afterSlotMs(evidence);
  const gapBar = barIf(judged && limit >= 50 && limit <= 500, atMost(5, { quietOnly: true }));
  const of = (metric: string, values: readonly number[], q: number): Parameters<typeof figure>[0] => ({
    metric: `${metric} p${q * 100}`,
    value: quantile(values, q),
    unit: 'ms',
  });
  return [
    figure(of('gap error at arrival', gaps, 0.5)),
    figure(of('gap error at arrival', gaps, 0.99), gapBar),
    figure(of('gap error at arrival', gaps, 0.999)),
    ...(after.length === 0 ? [] : [0.5, 0.99, 0.999].map((q) => figure(of('arrival after its slot', after, q)))),
    ...(after.length === 0 ? [] : [figure(of('write to arrival', writeToArrivalMs(evidence), 0.999))]),
  ];
}

/** A router that stands still is not seen at the wire: every call must have become something. */
function decisionFigure({ arrivals, decided }: Evidence): Figure {
  const open = arrivals.filter(({ attemptId }) => attemptId === null || !decided.has(attemptId)).length;
  return figure({ metric: 'calls without a decision', value: arrivals.length === 0 ? null : open, unit: 'calls', joining: 'sum' }, nothing);
}

/** All figures of one paced account. */
export function paceFigures(evidence: Evidence, terms: PaceTerms): Figure[] {
  const ofSlots = evidence.slots.length > 0 || terms.judged ? slotFigures(evidence, terms) : [];
  return [
    figure({ metric: 'configured rate', value: evidence.limit, unit: 'calls/s', joining: 'sum' }),
    ...ofSlots,
    ...arrivalFigures(evidence, terms),
    ...punctualityFigures(evidence, terms),
    ...(terms.judged ? [decisionFigure(evidence)] : []),
  ];
}
