// How fast a wish of an operator, or a limit of Twilio's that nobody told us, takes effect. Judged by arrivals only.
import type { Arrival, Evidence } from './evidence.ts';
import { below, figure, within, type Figure } from './figure.ts';
import { quantile } from './statistics.ts';

export interface StopMarks {
  /** Just before the pause was written. */
  readonly pausedAt: number;
  readonly resumedAt: number;
  /** Just before the lower rate was written. */
  readonly loweredAt: number;
  readonly lowerRate: number;
}

const seconds = (us: number): number => us / 1_000_000;

/** Since the pause was written until the last call before it was lifted. */
function pauseSeconds(arrivals: readonly Arrival[], { pausedAt, resumedAt }: StopMarks): number {
  const during = arrivals.filter(({ at }) => at >= pausedAt && at < resumedAt);
  return seconds((during.at(-1)?.at ?? pausedAt) - pausedAt);
}

/** Since the lower rate was written until the last call that came faster than the lower rate could ever let it: in half its period. */
function lowerSeconds(arrivals: readonly Arrival[], { loweredAt, lowerRate }: StopMarks): number {
  const tooNear = 1_000_000 / lowerRate / 2;
  let last = loweredAt;
  for (let i = 1; i < arrivals.length; i += 1) {
    const [before, at] = [arrivals[i - 1]?.at ?? 0, arrivals[i]?.at ?? 0];
    if (at > loweredAt && at - before < tooNear) last = at;
  }
  return seconds(last - loweredAt);
}

export function stopFigures({ arrivals }: Evidence, marks: StopMarks): Figure[] {
  const none = arrivals.length === 0;
  return [
    figure({ metric: 'pause to the last call', value: none ? null : pauseSeconds(arrivals, marks), unit: 's' }, below(1)),
    figure({ metric: 'lower rate to the last call above it', value: none ? null : lowerSeconds(arrivals, marks), unit: 's' }, below(1)),
  ];
}

export interface ThrottleTerms {
  /** Calls that the far side works on at once; above it the answer is 20429. */
  readonly places: number;
  /** The pace must have settled by then. */
  readonly settleUs: number;
}

const isAccepted = ({ status }: Arrival): boolean => status === 201;
const isThrottled = ({ status }: Arrival): boolean => status === 429;

/** What the far side can bear: its places over the time it really works on a call. */
function trueCap(arrivals: readonly Arrival[], places: number): number | null {
  const works = arrivals.filter(isAccepted).flatMap(({ at, endedAt }) => (endedAt === null ? [] : [endedAt - at]));
  const typical = quantile(works, 0.5);
  return typical === null ? null : places / seconds(typical);
}

export function throttleFigures({ arrivals, from, to }: Evidence, { places, settleUs }: ThrottleTerms): Figure[] {
  const cap = trueCap(arrivals, places);
  const settled = arrivals.filter(({ at }) => at >= from + settleUs && at <= to);
  const accepted = settled.filter(isAccepted).length;
  const rate = accepted / seconds(to - from - settleUs);
  const wasted = settled.length === 0 ? null : (settled.filter(isThrottled).length / settled.length) * 100;
  const all = arrivals.length === 0 ? null : (arrivals.filter(isThrottled).length / arrivals.length) * 100;
  return [
    figure({ metric: 'true cap', value: cap, unit: 'calls/s' }),
    figure({ metric: 'accepted rate once settled', value: rate, unit: 'calls/s' }),
    figure({ metric: 'accepted rate against the true cap', value: cap === null ? null : (rate / cap - 1) * 100, unit: '%' }, within(5)),
    figure({ metric: 'calls wasted once settled', value: wasted, unit: '% of calls' }, below(2)),
    figure({ metric: 'calls wasted in all', value: all, unit: '% of calls' }),
  ];
}
