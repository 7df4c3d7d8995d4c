// The verdict over a run with kills: pure, from the input files, the public topics and the server's ledger alone.
import { attemptOf, groupBy, type ClaimFact, type History, type OutcomeFact } from '../pacing/history.ts';
import { grantsTwice, numbersTwice, outcomesOf, truthOf, usesOf } from '../pacing/single-use.ts';
import { slotWindows } from '../pacing/windows.ts';
import type { DroppedFile, FileRow } from './input-files.ts';
import type { LedgerCall } from './ledger-calls.ts';
import type { ReadFact, RefusalFact } from './public-record.ts';

export interface ChaosHistory extends History {
  readonly account: string;
  readonly callsPerSecond: number;
  readonly files: readonly DroppedFile[];
  readonly refusals: readonly RefusalFact[];
  readonly reads: readonly ReadFact[];
  readonly calls: readonly LedgerCall[];
  /** Recipients that were suppressed, and when that was on record; UTC microseconds. */
  readonly suppressedAt: ReadonlyMap<string, number>;
}

export const invariants = {
  I1: 'every row of a file has one outcome',
  I2: 'no row is processed twice',
  I3: 'no call without a claim, no claim without a slot, no slot without an admitted row',
  I4: 'no second holds more than the limit',
  I5: 'no call to who is suppressed, none after expiry',
  I6: 'totals balance',
} as const;
export type Invariant = keyof typeof invariants;

export interface Verdict {
  readonly violations: Readonly<Record<Invariant, readonly string[]>>;
  readonly rows: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Rows without an outcome. */
  readonly lost: number;
  /** Rows that the server processed, or may have processed, more than once. */
  readonly doubled: number;
  /** Rows that ended as unknown. */
  readonly doubts: number;
  readonly calls: number;
}

const secondMicros = 1_000_000;
/** A suppression must be seen everywhere within 2 s. */
const visibleMicros = 2 * secondMicros;
/** The last check is the sender's; the arrival is later by the way to the server, on a busy machine. */
const onTheWayMicros = secondMicros;

/** What became of every row, whoever told it. */
const endsOf = ({ outcomes, refusals }: ChaosHistory): readonly OutcomeFact[] => [
  ...outcomes,
  ...refusals.map(({ requestId, code }) => ({ requestId, outcome: 'refused', reason: code, recordedMs: 0 })),
];

const rowsOf = ({ files }: ChaosHistory): readonly FileRow[] => files.flatMap((file) => file.rows);

/** Only a throttled call is certainly not processed; any other must be the row's last. */
const isProcessed = ({ status }: LedgerCall): boolean => status !== 429;

function doublesOf(calls: readonly LedgerCall[]): readonly (readonly [string, readonly LedgerCall[]])[] {
  return [...groupBy(calls, ({ to }) => to)].filter(([, group]) => group.slice(0, -1).some(isProcessed));
}

function doubled({ calls }: ChaosHistory): string[] {
  const attempts = [...groupBy(calls, ({ attemptId }) => attemptId)].filter(([, group]) => group.length > 1);
  return [
    ...doublesOf(calls).map(([to, group]) => `${to} was called again after ${group.map(({ status }) => status ?? 'no answer').join(', ')}`),
    ...attempts.map(([attemptId, group]) => `${attemptId} was called ${group.length} times`),
  ];
}

function chained(history: ChaosHistory): string[] {
  const { rows, slots, claims, calls } = history;
  const claimed = new Set(claims.map((claim: ClaimFact) => attemptOf(claim)));
  const recipients = new Map(rowsOf(history).map(({ requestId, to }) => [requestId, to]));
  return [
    ...calls.filter(({ attemptId }) => !claimed.has(attemptId)).map(({ attemptId }) => `${attemptId} was called without a claim`),
    ...calls
      .filter(({ attemptId, to }) => recipients.get(attemptId.slice(0, attemptId.lastIndexOf('#'))) !== to)
      .map(({ attemptId, to }) => `${attemptId} called ${to}, which is not the recipient of its row`),
    ...slots.filter(({ requestId }) => !rows.has(requestId)).map(({ requestId }) => `${requestId} had a slot and was never admitted`),
    ...numbersTwice(history),
    ...grantsTwice(history),
    ...usesOf(history),
  ];
}

function overrun({ slots, account, callsPerSecond }: ChaosHistory): string[] {
  return slotWindows(slots, [{ name: account, perSecond: callsPerSecond, cost: () => 1 }])
    .filter(({ worst, allowed }) => worst > allowed)
    .map(({ limit, worst, allowed }) => `${limit}: ${worst} granted in a second, ${allowed} allowed`);
}

function forbidden(history: ChaosHistory): string[] {
  const expiry = new Map(rowsOf(history).map(({ to, expiresAt }) => [to, expiresAt ?? Infinity]));
  return history.calls.flatMap(({ to, at }) => [
    ...(at > (history.suppressedAt.get(to) ?? Infinity) + visibleMicros ? [`${to} was called and is suppressed`] : []),
    ...(at > (expiry.get(to) ?? Infinity) + onTheWayMicros ? [`${to} was called after its row expired`] : []),
  ]);
}

/** Each file's own totals, and what is said of each row against what the server did. */
function unbalanced(history: ChaosHistory): string[] {
  const read = groupBy(history.reads, ({ batchId }) => batchId);
  const files = history.files.flatMap(({ batchId, name, rows }) => {
    const told = read.get(batchId) ?? [];
    const counts = told.map((one) => `${one.rows} rows, ${one.admitted} admitted, ${one.refused} refused`);
    const isRight = told.length === 1 && told[0]?.rows === rows.length && told[0].admitted + told[0].refused === rows.length;
    return isRight ? [] : [`${name} has ${rows.length} rows, and its end was told ${told.length} times: ${counts.join('; ')}`];
  });
  const accepted = new Set(history.calls.filter((call) => call.accepted).map(({ to }) => to));
  const refused = new Set(history.refusals.map(({ requestId }) => requestId));
  const called = rowsOf(history).filter(({ requestId, to }) => refused.has(requestId) && accepted.has(to));
  return [...files, ...called.map(({ to }) => `${to} is refused and was called`), ...truthOf(history)];
}

export function judge(history: ChaosHistory): Verdict {
  const rows = rowsOf(history);
  const ends = endsOf(history);
  const closed = new Set(ends.map(({ requestId }) => requestId));
  return {
    violations: {
      I1: outcomesOf({ ...history, rows: new Set(rows.map(({ requestId }) => requestId)), outcomes: ends }),
      I2: doubled(history),
      I3: chained(history),
      I4: overrun(history),
      I5: forbidden(history),
      I6: unbalanced(history),
    },
    rows: rows.length,
    outcomes: countsOf(ends),
    lost: rows.filter(({ requestId }) => !closed.has(requestId)).length,
    doubled: doublesOf(history.calls).length,
    doubts: ends.filter(({ outcome }) => outcome === 'unknown').length,
    calls: history.calls.length,
  };
}

const countsOf = (ends: readonly OutcomeFact[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...groupBy(ends, ({ outcome, reason }) => `${outcome}: ${reason}`)].map(([end, group]) => [end, group.length]));
