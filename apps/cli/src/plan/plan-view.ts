import type { LaneNames, LimitTime, Plan, PlannedAccount, PlannedLane } from '@paceline/domain/reporting';
import { durationText } from '../status-view.ts';
import type { PlanFile } from './read-plan-file.ts';

export interface PlanReport extends Omit<Plan, 'accounts' | 'problems'> {
  readonly schemaVersion: 1;
  readonly file: string;
  readonly batchId: string;
  readonly format: string;
  readonly source: string;
  readonly account: string;
  readonly rows: number;
  readonly admitted: number;
  readonly refused: number;
  readonly segments: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly firstRefused: PlanFile['totals']['firstRefused'];
  readonly answerSeconds: number;
  readonly accounts: readonly (PlannedAccount & { readonly binds: string })[];
  readonly problems: readonly { readonly code: string; readonly text: string }[];
  readonly ok: boolean;
}

export interface PlanSources {
  readonly plan: Plan;
  readonly file: PlanFile;
  readonly source: string;
  readonly account: string;
  readonly answerSeconds: number;
  readonly laneNames: LaneNames;
}

const limitTexts: { readonly [K in LimitTime['kind']]: (limit: LimitTime, names: LaneNames) => string } = {
  account: ({ value }) => `the account's ${value} calls/s`,
  lane: ({ value, of }, names) => `lane ${names.get(of) ?? of} at ${value} ${value === 1 ? 'segment' : 'segments'}/s`,
  api: ({ value, of }) => `${of} at ${value} calls/s`,
  'in-flight': ({ value }) => `${value} calls in flight`,
  'daily-cap': ({ value }) => `the daily cap of ${value} calls`,
};

const limitText = (limit: LimitTime, names: LaneNames): string => limitTexts[limit.kind](limit, names);

/** Lanes are many in a file with many senders: the slowest say it all. */
const mostLanes = 50;

export function shownAccount(account: PlannedAccount, names: LaneNames): PlanReport['accounts'][number] {
  const [first] = account.limits;
  const named = ({ lane, ...rest }: PlannedLane): PlannedLane => ({ lane: names.get(lane) ?? lane, ...rest });
  return {
    ...account,
    lanes: account.lanes.slice(0, mostLanes).map(named),
    limits: account.limits
      .slice(0, mostLanes)
      .map((limit) => ({ ...limit, of: names.get(limit.of) ?? limit.of, seconds: Math.ceil(limit.seconds) })),
    binds: first === undefined ? '' : limitText(first, names),
  };
}

export function planReport({ plan, file, source, account, answerSeconds, laneNames }: PlanSources): PlanReport {
  const { rows, admitted, refused, segments, reasons, firstRefused, warnings } = file.totals;
  return {
    schemaVersion: 1,
    ...{ file: file.name, batchId: file.batchId, format: file.format, source, account },
    ...{ rows, admitted, refused, segments, reasons, firstRefused, answerSeconds },
    ...plan,
    accounts: plan.accounts.map((one) => shownAccount(one, laneNames)),
    warnings: [...warnings, ...plan.warnings],
    ok: plan.problems.length === 0,
  };
}

const methodTexts = {
  decider: "by the pacer's own rules, as if every call were answered at the first try",
  'closed-form': 'estimated from sums, because the file is too large to be played through',
} as const;

const second = (iso: string): string => `${iso.slice(0, 19)}Z`;

function refusedLines({ refused, reasons, firstRefused }: PlanReport): string[] {
  if (refused === 0) return [];
  const counts = Object.entries(reasons).map(([code, n]) => `${code} ${n}`);
  return [
    `refused: ${counts.join(', ')}`,
    ...firstRefused.slice(0, 5).map(({ line, column, reason }) => `  line ${line}${column === null ? '' : ` ${column}`}: ${reason}`),
  ];
}

export function accountLines({ account, rows, segments, binds, lanes, seconds }: PlanReport['accounts'][number]): string[] {
  const limited = lanes.filter(({ segmentsPerSecond }) => segmentsPerSecond !== null).slice(0, 5);
  const rest = lanes.length - limited.length;
  return [
    `account ${account}: ${rows} calls, ${segments} segments, ${lanes.length} lanes; ${binds} binds: ${durationText(seconds)}`,
    ...limited.map(
      ({ lane, rows: n, segments: cost, segmentsPerSecond }) => `  lane ${lane}: ${n} rows, ${cost} segments at ${segmentsPerSecond}/s`,
    ),
    ...(limited.length > 0 && rest > 0 ? [`  and ${rest} lanes more`] : []),
  ];
}

function quietLines({ quietHours }: PlanReport): string[] {
  if (quietHours === null) return [];
  const { addedSeconds } = quietHours;
  return [addedSeconds === 0 ? 'quiet hours: they change nothing' : `quiet hours: they add ${durationText(addedSeconds)}`];
}

/** The page for a person. */
export function planLines(report: PlanReport): string[] {
  const { file, batchId, format, rows, admitted, seconds, endsAt, method, warnings, problems } = report;
  return [
    `${file} (${format}) would be batch ${batchId}: ${rows} rows, ${admitted} admitted`,
    ...refusedLines(report),
    ...report.accounts.flatMap(accountLines),
    ...(admitted === 0
      ? []
      : [`done in ${durationText(seconds)}, at ${second(endsAt)}, when it begins now and nothing else waits (${methodTexts[method]})`]),
    ...quietLines(report),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...problems.map(({ code, text }) => `problem: ${code}: ${text}`),
  ];
}
