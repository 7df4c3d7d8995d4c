// Why rows wait, in words. Promise: one line per cause, no phone number, and what a person must do when time alone does not help.
import type { Micros } from '@paceline/contracts';
import type { WaitingGroup, WaitingReason } from '../pacing/pacing-report.ts';

/** Masked names of lanes by their id; a lane that is not named keeps its id. */
export type LaneNames = ReadonlyMap<string, string>;

type Teller = { readonly [K in WaitingReason['kind']]: (reason: Extract<WaitingReason, { kind: K }>, place: Place) => string };

interface Place {
  readonly lane: string;
  readonly nextAt: Micros | null;
  readonly laneNames: LaneNames;
}

const because = (reason: string): string => (reason === '' ? '' : `: ${reason}`);
const plural = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

const named = (lane: string, names: LaneNames): string => names.get(lane) ?? lane;

/** `lane:messages:0a1b2c3d4e5f` with the name people know, other entities as they are. */
const entityName = (entity: string, names: LaneNames): string => {
  const lane = /^lane:(?:[^/]*\/)?(.+)$/.exec(entity)?.[1];
  return lane === undefined ? entity : `lane ${named(lane, names)}`;
};

const tellers: Teller = {
  rate: ({ callsPerSecond }) => `account at ${plural(callsPerSecond, 'call')}/s`,
  'lane-rate': ({ segmentsPerSecond }, { lane, laneNames }) =>
    `lane ${named(lane, laneNames)} at ${plural(segmentsPerSecond, 'segment')}/s`,
  'api-rate': ({ api, callsPerSecond }) => `${api} at ${plural(callsPerSecond, 'call')}/s`,
  'daily-cap': ({ cap }, { nextAt }) => `daily cap of ${cap} calls reached${nextAt === null ? '' : `, until ${clock(nextAt, 'UTC')} UTC`}`,
  'in-flight': ({ cap }) => `${plural(cap, 'call')} in flight, the most there may be`,
  'no-sender': () => 'no sender is running',
  'not-before': (_reason, { nextAt }) => `not before ${nextAt === null ? 'a later time' : `${clock(nextAt, 'UTC')} UTC`}`,
  'quiet-hours': ({ timeZone }, { nextAt }) => quietText(timeZone, nextAt),
  paused: ({ entity, by, reason }, { laneNames }) => `${entityName(entity, laneNames)} paused by ${by}${because(reason)}`,
  parked: ({ entity, reason }, { laneNames }) => `${entityName(entity, laneNames)} parked${because(reason)}`,
  breaker: ({ reason }) => `breaker open${because(reason)}`,
};

function quietText(timeZone: string | null, nextAt: Micros | null): string {
  if (timeZone === null) return "quiet hours: the recipient's time zone is not known, so the rows are held; release or cancel the batch";
  return nextAt === null ? `quiet hours in ${timeZone}` : `quiet hours until ${clock(nextAt, timeZone)} ${timeZone}`;
}

/** `08:00` on the zone's clock. */
function clock(at: Micros, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return format.format(at / 1_000);
}

export function waitingText(
  { lane, reason, nextAt }: Pick<WaitingGroup, 'lane' | 'reason' | 'nextAt'>,
  laneNames: LaneNames = new Map(),
): string {
  const tell = tellers[reason.kind] as (reason: WaitingReason, place: Place) => string;
  return tell(reason, { lane, nextAt, laneNames });
}

/** Whether time alone lets these rows go on. */
export const endsByItself = ({ reason, nextAt }: Pick<WaitingGroup, 'reason' | 'nextAt'>): boolean =>
  !['paused', 'parked', 'no-sender'].includes(reason.kind) && !(nextAt === null && ['breaker', 'quiet-hours'].includes(reason.kind));
