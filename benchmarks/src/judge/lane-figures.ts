// Lanes: every sender has a limit of its own, in segments per second.
import { steady, type Evidence, type Slot } from './evidence.ts';
import { atMost, figure, nothing, within, type Figure } from './figure.ts';
import { arrivalsAllowed } from './pace-figures.ts';
import { overLimit, second, worstWindow } from './sliding-window.ts';
import { errorPercent, leastSquaresRate } from './statistics.ts';

export interface LaneTerms {
  /** Segments per second of each lane. */
  readonly limit: number;
  /** Lanes that have rows. */
  readonly lanes: number;
  readonly lateToleranceMs: number;
}

function byLane<T>(events: readonly T[], laneOf: (event: T) => string | undefined): Map<string, T[]> {
  const lanes = new Map<string, T[]>();
  for (const event of events) {
    const lane = laneOf(event);
    if (lane === undefined) continue;
    const held = lanes.get(lane) ?? [];
    held.push(event);
    lanes.set(lane, held);
  }
  return lanes;
}

const timed = (slots: readonly Slot[]): { times: number[]; costs: number[] } => ({
  times: slots.map(({ at }) => at),
  costs: slots.map(({ cost }) => cost),
});

/** Rate error of every lane by its own slots, percent; lanes fall due together, so that a line through all of them would tell little. */
function laneErrors(lanes: ReadonlyMap<string, Slot[]>, limit: number): number[] {
  return [...lanes.values()].flatMap((slots) => {
    const { times, costs } = timed(slots);
    return errorPercent(leastSquaresRate(times, costs), limit) ?? [];
  });
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

const furthest = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((worst, value) => (Math.abs(value) > Math.abs(worst) ? value : worst));

export function laneFigures(evidence: Evidence, { limit, lanes: expected, lateToleranceMs }: LaneTerms): Figure[] {
  const lanes = byLane(evidence.slots, ({ lane }) => lane);
  const errors = laneErrors(
    byLane(steady(evidence.slots, evidence), ({ lane }) => lane),
    limit,
  );
  const over = [...lanes.values()].filter((slots) => overLimit(timed(slots), limit) > 0).length;
  const worst = Math.max(0, ...[...lanes.values()].map((slots) => worstWindow(timed(slots), second)));
  const laneOf = new Map(evidence.slots.map(({ attemptId, lane }) => [attemptId, lane]));
  const arrivals = byLane(evidence.arrivals, ({ attemptId }) => laneOf.get(attemptId ?? ''));
  const worstArrivals = Math.max(0, ...[...arrivals.values()].map((calls) => worstWindow({ times: calls.map(({ at }) => at) }, second)));
  const allowed = atMost(arrivalsAllowed(limit, lateToleranceMs, 0), { always: true });
  return [
    figure({ metric: 'lanes served', value: lanes.size, unit: `of ${expected} lanes` }),
    figure({ metric: 'lanes over their limit in any second', value: lanes.size === 0 ? null : over, unit: 'lanes' }, nothing),
    figure({ metric: 'worst second of slots in a lane', value: worst, unit: 'segments' }),
    figure({ metric: 'worst second of arrivals in a lane', value: worstArrivals, unit: 'calls' }, allowed),
    figure({ metric: 'rate error of lanes, mean', value: mean(errors), unit: '%', joining: 'furthest' }, within(0.3)),
    figure({ metric: 'rate error of lanes, worst', value: furthest(errors), unit: '%', joining: 'furthest' }),
  ];
}
