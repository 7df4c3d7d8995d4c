// What sending a file would be like, told before anything is sent. Promise: what cannot end well is a problem here, in
// words that say what to change, and never a surprise at run time.
import { topicDefinition, totalTopics, type Micros, type TopicName } from '@paceline/contracts';
import { laneRateOf, type PlanAccount } from './plan-account.ts';
import { closedFormEnd, limitTimes, type LimitTime, type PlanTerms } from './plan-limits.ts';
import type { AccountLoad, PlannedRow, PlanLoad } from './plan-load.ts';
import { instant } from './request-timeline.ts';
import { simulatePacing, type SimulatedAccount } from './simulate-pacing.ts';

export interface PlannedLane {
  readonly lane: string;
  readonly rows: number;
  readonly segments: number;
  /** Null = no limit of its own. */
  readonly segmentsPerSecond: number | null;
}

export interface PlannedAccount {
  readonly account: string;
  readonly rows: number;
  readonly segments: number;
  readonly apis: Readonly<Record<string, number>>;
  /** Slowest first. */
  readonly lanes: readonly PlannedLane[];
  /** What each limit alone would take, the one that binds first. */
  readonly limits: readonly LimitTime[];
  readonly seconds: number;
  readonly endsAt: string;
  /** Rows that would be past their expiry when their turn comes. */
  readonly expired: number;
  /** Rows that get no slot by themselves. */
  readonly held: number;
}

export type PlanProblemCode = 'nothing-admitted' | 'expires-before-sent' | 'beyond-retention' | 'never-sent';

export interface PlanProblem {
  readonly code: PlanProblemCode;
  readonly text: string;
}

export interface Plan {
  /** `decider`: the pacer's own rules were run on a clock of their own; `closed-form`: an estimate from sums, for large files. */
  readonly method: 'decider' | 'closed-form';
  readonly startsAt: string;
  readonly seconds: number;
  readonly endsAt: string;
  readonly accounts: readonly PlannedAccount[];
  /** What quiet hours add to the end; null when no row keeps any. */
  readonly quietHours: { readonly addedSeconds: number; readonly unknownZone: number } | null;
  readonly problems: readonly PlanProblem[];
  readonly warnings: readonly string[];
}

/** Runs the decider over these rows; without quiet hours when asked so. */
type Simulate = (rows: readonly PlannedRow[], quietHours: 'kept' | 'ignored') => ReadonlyMap<string, SimulatedAccount>;

interface Course {
  readonly endAt: Micros;
  readonly expired: number;
  readonly held: number;
}

type Courses = ReadonlyMap<string, Course>;

const daySeconds = 86_400;

const retentionSeconds = (topic: TopicName): number => topicDefinition(topic).retentionMs / 1_000;

const shortest = (topics: readonly TopicName[]): TopicName =>
  topics.reduce((least, topic) => (retentionSeconds(topic) < retentionSeconds(least) ? topic : least));

export interface PlanAssumptions {
  /** How long a call is in flight, seconds. */
  readonly answerSeconds: number;
  /** Share of the pace kept for lower priorities. */
  readonly minShare: number;
}

export function planOf(load: PlanLoad, { answerSeconds, minShare }: PlanAssumptions): Plan {
  const simulate: Simulate = (rows, quietHours) =>
    simulatePacing(rows, { accounts: accountsOf(load, quietHours), start: load.start, answerSeconds, minShare });
  const terms = { start: load.start, answerSeconds };
  const courses = load.rows === null ? closedCourses(load, terms) : simulatedCourses(load, simulate(load.rows, 'kept'));
  const endAt = endOf(courses, load.start);
  const accounts = [...load.accounts.values()].map((one) => plannedAccount(one, courses.get(one.account.name), terms));
  const quietHours = quietPart(load, { endAt, answerSeconds, simulate });
  const plan = {
    method: load.rows === null ? ('closed-form' as const) : ('decider' as const),
    ...timesOf(load.start, endAt),
    startsAt: instant(Math.round(load.start)),
    ...{ accounts, quietHours },
  };
  return { ...plan, problems: problemsOf(plan), warnings: warningsOf(plan) };
}

const accountsOf = ({ accounts }: PlanLoad, quietHours: 'kept' | 'ignored'): ReadonlyMap<string, PlanAccount> =>
  new Map([...accounts].map(([name, { account }]) => [name, quietHours === 'kept' ? account : { ...account, quietHours: null }]));

const endOf = (courses: Courses, start: Micros): Micros => Math.max(start, ...[...courses.values()].map(({ endAt }) => endAt));

const timesOf = (start: Micros, endAt: Micros): { seconds: number; endsAt: string } => ({
  seconds: Math.ceil((endAt - start) / 1e6),
  endsAt: instant(Math.round(endAt)),
});

/** Calls that are given a slot end a little later: the last answer is awaited too. */
function simulatedCourses(load: PlanLoad, simulated: ReadonlyMap<string, SimulatedAccount>): Courses {
  return new Map([...simulated].map(([name, { lastAt, expired, held }]) => [name, { endAt: lastAt ?? load.start, expired, held }]));
}

function closedCourses(load: PlanLoad, terms: PlanTerms): Courses {
  return new Map(
    [...load.accounts].map(([name, account]) => {
      const held = account.account.quietHours?.unknownZone === 'hold' ? (account.zones.get('') ?? 0) : 0;
      return [name, { endAt: closedFormEnd(account, terms), expired: account.expiring, held }];
    }),
  );
}

function plannedAccount(load: AccountLoad, course: Course | undefined, terms: PlanTerms): PlannedAccount {
  const { account, rows, segments, apis, lanes } = load;
  const planned = [...lanes].map(([lane, own]): PlannedLane => ({ lane, ...own, segmentsPerSecond: laneRateOf(account, lane) }));
  const pace = ({ segments: cost, segmentsPerSecond }: PlannedLane): number => (segmentsPerSecond === null ? 0 : cost / segmentsPerSecond);
  return {
    ...{ account: account.name, rows, segments },
    apis: Object.fromEntries([...apis].map(([api, own]) => [api, own.rows])),
    lanes: planned.sort((a, b) => pace(b) - pace(a) || b.rows - a.rows),
    limits: limitTimes(load, terms),
    ...timesOf(terms.start, course?.endAt ?? terms.start),
    expired: course?.expired ?? 0,
    held: course?.held ?? 0,
  };
}

function quietPart(load: PlanLoad, { endAt, answerSeconds, simulate }: QuietQuestion): Plan['quietHours'] {
  const accounts = [...load.accounts.values()].filter(({ account, zones }) => account.quietHours !== null && zones.size > 0);
  if (accounts.length === 0) return null;
  const loud =
    load.rows === null
      ? Math.max(...[...load.accounts.values()].map((one) => loudEnd(one, { start: load.start, answerSeconds })))
      : endOf(simulatedCourses(load, simulate(load.rows, 'ignored')), load.start);
  const unknownZone = accounts.reduce((sum, { zones }) => sum + (zones.get('') ?? 0), 0);
  return { addedSeconds: Math.max(0, Math.ceil((endAt - loud) / 1e6)), unknownZone };
}

interface QuietQuestion {
  readonly endAt: Micros;
  readonly answerSeconds: number;
  readonly simulate: Simulate;
}

const loudEnd = (load: AccountLoad, terms: PlanTerms): Micros =>
  Math.max(load.notBefore ?? 0, terms.start + (limitTimes(load, terms)[0]?.seconds ?? 0) * 1e6);

type Planned = Pick<Plan, 'accounts' | 'seconds' | 'quietHours'>;

const sumOf = (accounts: readonly PlannedAccount[], of: (account: PlannedAccount) => number): number =>
  accounts.reduce((sum, account) => sum + of(account), 0);

function problemsOf({ accounts, seconds, quietHours }: Planned): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const problem = (code: PlanProblemCode, text: string): void => void problems.push({ code, text });
  if (sumOf(accounts, ({ rows }) => rows) === 0) problem('nothing-admitted', 'no row would be admitted: nothing would be sent');
  const expired = sumOf(accounts, (account) => account.expired);
  if (expired > 0)
    problem('expires-before-sent', `${expired} rows would expire before their turn: raise the limit that binds, or their ExpiresAt`);
  const topic = shortest(totalTopics);
  if (seconds > retentionSeconds(topic)) {
    const days = retentionSeconds(topic) / daySeconds;
    problem(
      'beyond-retention',
      `the last call would be ${dayText(seconds)} away, and ${topic} forgets its records after ${days} d: split the file, or raise the limit that binds`,
    );
  }
  const held = sumOf(accounts, (account) => account.held) - (quietHours?.unknownZone ?? 0);
  if (held > 0) problem('never-sent', `${held} rows would never have their turn under these limits`);
  return problems;
}

const dayText = (seconds: number): string => `${(seconds / daySeconds).toFixed(1)} d`;

function warningsOf({ accounts, seconds, quietHours }: Planned): string[] {
  const slots = retentionSeconds('paceline.slots');
  const heldBack = accounts.filter(({ held }) => held > 0).length > 0 ? (quietHours?.unknownZone ?? 0) : 0;
  return [
    ...(seconds > slots
      ? [
          `the run takes ${dayText(seconds)}: paceline.slots forgets its records after ${slots / daySeconds} d, so \`inspect\` and \`events\` no longer show its first slots`,
        ]
      : []),
    ...(heldBack > 0
      ? [
          `${heldBack} rows have a recipient whose time zone is not known: they are held until a person releases or cancels the batch; give a Timezone column`,
        ]
      : []),
  ];
}
