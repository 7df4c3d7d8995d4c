// When a batch that is under way will be done, as things stand. Promise: a lower bound that names what it does not count,
// or no estimate at all when rows wait for a person.
import type { Micros } from '@paceline/contracts';
import type { AccountReport, WaitingGroup } from '../pacing/pacing-report.ts';
import type { BatchTotals } from './batch-account.ts';
import { endsByItself } from './waiting-text.ts';

export interface Eta {
  readonly seconds: number;
  /** UTC microseconds. */
  readonly at: Micros;
}

type OpenBatch = Pick<BatchTotals, 'batchId' | 'account' | 'open' | 'inFlight' | 'admitted' | 'segments' | 'complete'>;

/** What one batch has waiting at the pacer. */
interface Share {
  readonly rows: number;
  readonly priority: number;
  /** Segments of a row, on average. */
  readonly cost: number;
  readonly groups: readonly WaitingGroup[];
}

/** Log and pacer are asked at two instants: a small difference is no row that the pacer has not read. */
const readingShare = 1.25;

/** The pacer holds a part of the rows only while it reads; the log knows them all. */
function shareOf(batch: OpenBatch, groups: readonly WaitingGroup[]): Share {
  const known = groups.reduce((sum, { rows }) => sum + rows, 0);
  const open = batch.open - batch.inFlight;
  const rows = open > known * readingShare ? open : known;
  const scale = known === 0 ? 1 : rows / known;
  return {
    rows,
    priority: Math.min(...groups.map(({ priority }) => priority)),
    cost: batch.segments > 0 && batch.admitted > 0 ? batch.segments / batch.admitted : 1,
    groups: groups.map((group) => ({ ...group, rows: group.rows * scale })),
  };
}

/** Calls of the account until the last row of this share: all of higher priority, and an equal part of each of the same. */
function callsUntil(share: Share, others: readonly Share[]): number {
  return others.reduce((calls, other) => {
    if (other === share) return calls + share.rows;
    if (other.priority > share.priority) return calls + other.rows;
    return other.priority === share.priority ? calls + Math.min(other.rows, share.rows) : calls;
  }, 0);
}

const apiOf = (lane: string): string => lane.split(':', 1)[0] ?? lane;

/** Seconds that the group's own limit takes for all that wait behind it. */
function ownSeconds({ reason, lane }: WaitingGroup, shares: readonly Share[]): number {
  const behind = (isSame: (other: string) => boolean, inSegments: boolean): number =>
    shares.reduce(
      (sum, { groups, cost }) =>
        sum +
        groups.reduce((rows, group) => rows + (isSame(group.lane) && endsByItself(group) ? group.rows : 0), 0) * (inSegments ? cost : 1),
      0,
    );
  if (reason.kind === 'lane-rate') return behind((other) => other === lane, true) / reason.segmentsPerSecond;
  if (reason.kind === 'api-rate') return behind((other) => apiOf(other) === reason.api, false) / reason.callsPerSecond;
  return 0;
}

const daySeconds = 86_400;

/** Seconds until the group's first slot, and the whole days that a daily cap puts in between. */
function delaySeconds({ reason, nextAt, rows }: WaitingGroup, now: Micros): number {
  const first = nextAt === null ? 0 : Math.max(0, (nextAt - now) / 1e6);
  return reason.kind === 'daily-cap' ? first + Math.max(0, Math.ceil(rows / reason.cap) - 1) * daySeconds : first;
}

/** The end of one share among all of its account; null when it waits for a person. */
function secondsOf(
  share: Share,
  { account, shares, now }: { account: AccountReport; shares: readonly Share[]; now: Micros },
): number | null {
  if (!share.groups.every(endsByItself) || account.callsPerSecond <= 0) return null;
  const moving = shares.filter(({ groups }) => groups.every(endsByItself));
  const byAccount = callsUntil(share, moving) / account.callsPerSecond;
  return Math.max(byAccount, ...share.groups.map((group) => delaySeconds(group, now) + ownSeconds(group, shares)));
}

/** ETAs by batch id; a batch is absent when it is complete, not at a pacer, or waits for a person. */
export function batchEtas(accounts: readonly AccountReport[], batches: readonly OpenBatch[], now: Micros): ReadonlyMap<string, Eta> {
  const etas = new Map<string, Eta>();
  for (const account of accounts) {
    const shares = new Map<string, Share>();
    for (const batch of batches.filter(({ complete }) => !complete)) {
      const groups = account.groups.filter(({ batchId }) => batchId === batch.batchId);
      if (groups.length > 0) shares.set(batch.batchId, shareOf(batch, groups));
    }
    for (const [batchId, share] of shares) {
      const seconds = secondsOf(share, { account, shares: [...shares.values()], now });
      if (seconds !== null) put(etas, batchId, { seconds: Math.ceil(seconds), at: now + Math.ceil(seconds) * 1e6 });
    }
  }
  return etas;
}

/** Rows of one batch may belong to several accounts: the last one is done last. */
function put(etas: Map<string, Eta>, batchId: string, eta: Eta): void {
  const known = etas.get(batchId);
  if (known === undefined || known.seconds < eta.seconds) etas.set(batchId, eta);
}
