import type { AccountPace } from './account-pace.ts';
import { takeCarried } from './carry.ts';
import type { Instant } from './clock-watch.ts';
import type { Closure } from './closures.ts';
import { grantAccount, type Window } from './grant-account.ts';
import { secondMicros } from './grant-ring.ts';
import type { PartitionPacing } from './partition-pacing.ts';
import type { StateEntry } from './released-offsets.ts';
import type { Grant, Slice, Tick } from './slice.ts';
import { accountOpensAt, isStopped, standingOf, type Standing } from './standing.ts';

export type { Grant, Slice, Tick } from './slice.ts';

type Granted = Pick<Slice, 'grants' | 'closures' | 'state' | 'lost'>;

interface Draft extends Granted {
  readonly grants: Grant[];
  readonly closures: Closure[];
  readonly state: StateEntry[];
  readonly lost: Map<string, number>;
}

/**
 * The next slice of one `requests` partition: every slot between the last slice's end and now + lead, the rows that end
 * without one, and what the answers of late ask of the pace. Promise: no limit is exceeded in any sliding second, no
 * attempt is granted twice, missed time stays missed. Properties: decide-slice.spec.ts, pacing-properties.spec.ts.
 */
export function decideSlice(pacing: PartitionPacing, tick: Tick): Slice {
  pacing.asOf = tick;
  const step = heedClock(pacing, tick.now);
  const closures = pacing.closing.next(tick.maxClosures);
  for (const { item } of closures) pacing.ledger.close(item);
  const controls = tick.controlsFresh ? pacing.stewards.decide(pacing.terms.controls, tick.now) : [];
  const granted = tick.controlsFresh ? grantSlice(pacing, tick) : nothing;
  const carried = takeCarried(pacing);
  for (const { item } of [...granted.grants, ...granted.closures, ...closures]) pacing.released.release(item.offset);
  for (const { offset } of carried) pacing.released.release(offset);
  return { ...granted, closures: [...closures, ...granted.closures], carried, controls, step };
}

const nothing: Granted = { grants: [], closures: [], state: [], lost: new Map() };

/** When the next slot could be as of the last slice, UTC microseconds; null = not before a record or control comes. */
export function nextSlotAt(pacing: PartitionPacing): number | null {
  const { asOf } = pacing;
  if (asOf === null || !pacing.isHeard(asOf.now.monotonic)) return null;
  let next: number | null = null;
  for (const account of pacing.accounts) {
    const standing = standingIn(pacing, account, asOf);
    const dueAt = isStopped(standing) || account.aside.isFull ? null : account.backlog.dueAt();
    if (dueAt === null) continue;
    const at = accountOpensAt(account, standing, Math.max(dueAt, pacing.horizon + 1));
    next = Math.min(next ?? at, at);
  }
  return next;
}

/** A step backwards starts a new era after a second of silence; any step makes the last horizon meaningless. */
function heedClock(pacing: PartitionPacing, now: Instant): number {
  const step = pacing.clock.observe(now);
  if (step === 0) return 0;
  pacing.horizon = 0;
  for (const account of pacing.accounts) {
    if (step < 0) account.startEra(now.wall);
    else account.clockStepped(now.wall);
  }
  return step;
}

function grantSlice(pacing: PartitionPacing, tick: Tick): Granted {
  const draft: Draft = { grants: [], closures: [], state: [], lost: new Map() };
  const window = { from: Math.max(pacing.horizon + 1, tick.now.wall + tick.minLead), to: tick.now.wall + tick.lead };
  if (window.to < window.from) return draft;
  for (const account of pacing.accounts) grantPart({ pacing, tick, account, draft }, window);
  pacing.horizon = window.to;
  draft.grants.sort((a, b) => a.slotAt - b.slotAt);
  return draft;
}

interface Part {
  readonly pacing: PartitionPacing;
  readonly tick: Tick;
  readonly account: AccountPace;
  readonly draft: Draft;
}

function grantPart({ pacing, tick, account, draft }: Part, window: Window): void {
  const standing = standingIn(pacing, account, tick);
  if (isStopped(standing) || !pacing.isHeard(tick.now.monotonic)) {
    account.busyUntil = null;
    return;
  }
  account.calls.setRate(standing.rate);
  countLost(account, draft, window.from);
  takeBack(pacing, account, tick.now);
  const granted = draft.grants.length;
  const { grants } = draft;
  const closures: Closure[] = [];
  grantAccount({ pacing, account, standing, tick, grants, closures }, window);
  draft.closures.push(...closures);
  if (grants.length > granted) draft.state.push(...account.entries(tick.now.wall));
}

function countLost(account: AccountPace, draft: Draft, from: number): void {
  const missed = account.busyUntil === null ? 0 : from - account.busyUntil - 1;
  if (missed > 0) draft.lost.set(account.name, (missed * account.calls.ratePerSecond) / secondMicros);
}

/** Rows set aside come back when somebody sends from their partition again. */
function takeBack({ terms }: PartitionPacing, { aside, backlog }: AccountPace, now: Instant): void {
  for (const item of aside.heard((slotsPartition) => terms.board.speaks(slotsPartition, now.monotonic))) backlog.add(item);
}

const standingIn = ({ terms }: PartitionPacing, account: AccountPace, { now, lead }: Pick<Tick, 'now' | 'lead'>): Standing =>
  standingOf(account, { controls: terms.controls, board: terms.board, nowMs: now.monotonic, lead });
