import { batchOpenness, type Controls, type Shut } from '../controls/index.ts';
import type { AccountPace } from './account-pace.ts';
import type { PaceGate } from './account-gates.ts';
import type { AccountReport, WaitingGroup, WaitingReason } from './pacing-report.ts';
import { accountOpensAt, type Standing } from './standing.ts';
import type { Strand } from './strand.ts';

/** Groups reported of an account, the biggest: a report must not grow with the backlog. */
const mostGroups = 200;

interface Reporting {
  readonly account: AccountPace;
  readonly standing: Standing;
  readonly controls: Controls;
  /** Whether anybody sends. */
  readonly heard: boolean;
  /** First instant a slot could have now, UTC microseconds. */
  readonly from: number;
  readonly now: number;
}

/** A reason, and the instant at which it may end by itself; Infinity = not by itself. */
interface Cause {
  readonly reason: WaitingReason;
  readonly at: number;
}

const never = Number.POSITIVE_INFINITY;

/** How an account stands, and what its rows wait for. */
export function accountReportOf(asked: Reporting): AccountReport {
  const { account, standing, heard } = asked;
  return {
    account: account.name,
    waiting: account.size,
    waitingSince: [...account.backlog.strands].map(waitingSince).reduce(earlier, null),
    callsPerSecond: standing.rate,
    configuredCallsPerSecond: account.terms.callsPerSecond,
    maxInFlight: heard ? standing.flight.cap : null,
    inFlight: standing.flight.inFlight,
    era: account.era,
    groups: groupsOf(asked),
  };
}

function groupsOf(asked: Reporting): WaitingGroup[] {
  const groups = new Map<string, WaitingGroup>();
  const add = (group: WaitingGroup): void => {
    const key = `${group.batchId}/${group.lane}/${group.priority}/${group.reason.kind}`;
    const known = groups.get(key);
    groups.set(key, known === undefined ? group : joined(known, group));
  };
  for (const strand of asked.account.backlog.strands) {
    const { reason, at } = causeOf(strand, asked);
    const { batchId, priority } = strand.flow;
    const nextAt = Number.isFinite(at) ? at : null;
    add({ batchId, lane: strand.terms.lane, priority, rows: strand.size, waitingSince: waitingSince(strand), reason, nextAt });
  }
  for (const { request } of asked.account.aside.items) {
    const { batchId, lane, priority } = request;
    add({ batchId, lane, priority, rows: 1, waitingSince: null, reason: { kind: 'no-sender' }, nextAt: null });
  }
  return [...groups.values()].sort((a, b) => b.rows - a.rows).slice(0, mostGroups);
}

function joined(a: WaitingGroup, b: WaitingGroup): WaitingGroup {
  const first = (a.nextAt ?? never) <= (b.nextAt ?? never) ? a : b;
  return { ...first, rows: a.rows + b.rows, waitingSince: earlier(a.waitingSince, b.waitingSince) };
}

/** Of a row that is due and not held. */
const waitingSince = ({ due, flow }: Strand): number | null => (flow.held ? null : (due.peek()?.since ?? null));

const earlier = (a: number | null, b: number | null): number | null => (a === null || b === null ? (a ?? b) : Math.min(a, b));

/** The nearest cause that keeps the first row of the strand from its slot. */
function causeOf(strand: Strand, asked: Reporting): Cause {
  const whole = accountStop(asked) ?? batchStop(strand, asked);
  if (whole !== null) return { reason: whole, at: never };
  const dueAt = firstDueAt(strand);
  return dueAt > asked.from ? { reason: { kind: 'not-before' }, at: dueAt } : limitCause(strand, asked);
}

/** 0 when a row is due. */
const firstDueAt = ({ due, later }: Strand): number => (due.size > 0 ? 0 : (later.peek()?.notBefore ?? 0));

function limitCause(strand: Strand, asked: Reporting): Cause {
  const account = accountCause(asked);
  const gate = gateCause(strand, asked.from);
  return gate !== null && gate.at > account.at ? gate : account;
}

function accountStop({ standing, heard }: Reporting): WaitingReason | null {
  const { openness, rate, flight } = standing;
  if (openness.kind === 'shut') return stopReason(openness.why);
  if (rate === 0) return { kind: 'rate', callsPerSecond: 0 };
  if (flight.cap === 0) return { kind: 'in-flight', cap: 0 };
  return heard ? null : { kind: 'no-sender' };
}

function batchStop({ flow }: Strand, { controls }: Reporting): WaitingReason | null {
  const openness = batchOpenness(controls, flow.batchId);
  return openness.kind === 'shut' ? stopReason(openness.why) : null;
}

function stopReason({ kind, entity, by, reason }: Shut): WaitingReason {
  if (kind === 'paused') return { kind, entity, by, reason };
  return kind === 'parked' ? { kind, entity, reason } : { kind, reason };
}

/** The gate that opens last. */
function gateCause(strand: Strand, from: number): Cause | null {
  let last: Cause | null = null;
  for (const gate of strand.gates as readonly PaceGate[]) {
    const at = gate.opensAt(from);
    if (at <= from || at <= (last?.at ?? 0)) continue;
    const reason = gateReason(gate);
    if (reason !== null) last = { reason, at };
  }
  return last;
}

/** Null for an open lane without a limit of its own: it keeps nobody. */
function gateReason({ door }: PaceGate): WaitingReason | null {
  switch (door.kind) {
    case 'lane':
      if (door.openness.kind !== 'open') return stopReason(door.openness.why);
      return door.limit === null ? null : { kind: 'lane-rate', segmentsPerSecond: door.limit.ratePerSecond };
    case 'api':
      return { kind: 'api-rate', api: door.api, callsPerSecond: door.limit.ratePerSecond };
    case 'zone':
      return { kind: 'quiet-hours', timeZone: door.timeZone };
  }
}

function accountCause({ account, standing, from, now }: Reporting): Cause {
  const at = accountOpensAt(account, standing, from);
  if (standing.openness.kind === 'probing') return { reason: stopReason(standing.openness.why), at };
  if (account.daily?.isFull(from) === true) return { reason: { kind: 'daily-cap', cap: account.daily.cap }, at };
  if (account.flight.room(standing.flight, now) === 0) return { reason: { kind: 'in-flight', cap: standing.flight.cap }, at };
  return { reason: { kind: 'rate', callsPerSecond: standing.rate }, at };
}
