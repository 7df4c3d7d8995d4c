import type { AccountPace } from './account-pace.ts';
import type { Instant } from './clock-watch.ts';
import type { Closure } from './closures.ts';
import { secondMicros } from './grant-ring.ts';
import { earliestOf, payAll } from './limit.ts';
import { accountRate, isAccountStopped } from './pace-controls.ts';
import type { PartitionPacing } from './partition-pacing.ts';
import type { Waiting } from './waiting.ts';

/** The permission for one row's call, not yet committed. */
export interface Grant {
  readonly item: Waiting;
  /** UTC microseconds. */
  readonly slotAt: number;
  readonly number: number;
  readonly era: number;
  readonly cost: number;
}

export interface Tick {
  readonly now: Instant;
  /** Slots are stamped at least this far ahead, microseconds: a sender is never late by construction. */
  readonly minLead: number;
  /** ... and at most this far. */
  readonly lead: number;
  /** False while the controls may lack the latest word: then nothing is granted. */
  readonly controlsFresh: boolean;
  /** Most rows closed in one transaction. */
  readonly maxClosures: number;
}

export interface Slice {
  /** In slot order. */
  readonly grants: readonly Grant[];
  readonly closures: readonly Closure[];
  /** Accounts whose number, era or limits moved. */
  readonly moved: readonly AccountPace[];
  /** Slots that passed unused although rows waited, by account. */
  readonly lost: ReadonlyMap<string, number>;
  /** The wall clock's step since the last slice, microseconds; 0 = none. */
  readonly step: number;
}

interface Draft {
  readonly grants: Grant[];
  readonly closures: Closure[];
  readonly moved: AccountPace[];
  readonly lost: Map<string, number>;
}

/**
 * The next slice of one `requests` partition: every slot between the last slice's end and now + lead, and the rows that
 * end without one. Promise: no limit is exceeded in any sliding second, no attempt is granted twice, missed time stays
 * missed. Properties: decide-slice.spec.ts.
 */
export function decideSlice(pacing: PartitionPacing, tick: Tick): Slice {
  const step = heedClock(pacing, tick.now);
  const draft: Draft = { grants: [], closures: [], moved: [], lost: new Map() };
  takeClosing(pacing, draft, tick.maxClosures);
  if (tick.controlsFresh) grantSlice(pacing, draft, tick);
  draft.grants.sort((a, b) => a.slotAt - b.slotAt);
  for (const { item } of [...draft.grants, ...draft.closures]) pacing.released.release(item.offset);
  return { ...draft, step };
}

/** When the next slot could be, UTC microseconds; null when nothing will be due before a record or control comes. */
export function nextSlotAt(pacing: PartitionPacing): number | null {
  let next: number | null = null;
  for (const account of pacing.accounts) {
    const dueAt = rateOf(pacing, account) > 0 ? account.backlog.dueAt() : null;
    if (dueAt === null) continue;
    const at = earliestOf(account.charges, Math.max(dueAt, pacing.horizon + 1));
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
    account.busyUntil = null;
    if (step < 0) account.startEra(now.wall);
  }
  return step;
}

function takeClosing(pacing: PartitionPacing, draft: Draft, most: number): void {
  const taken = pacing.closing.slice(0, most);
  pacing.closing = pacing.closing.slice(most);
  for (const closure of taken) close(pacing, draft, closure);
}

function grantSlice(pacing: PartitionPacing, draft: Draft, tick: Tick): void {
  const window = { from: Math.max(pacing.horizon + 1, tick.now.wall + tick.minLead), to: tick.now.wall + tick.lead };
  if (window.to < window.from) return;
  for (const account of pacing.accounts) {
    const rate = rateOf(pacing, account);
    if (rate === 0) {
      account.busyUntil = null;
      continue;
    }
    account.calls.setRate(rate);
    countLost(account, draft, window.from);
    grantAccount({ pacing, draft, tick, account }, window);
  }
  pacing.horizon = window.to;
}

/** 0 = nothing may be granted now. */
function rateOf({ terms }: PartitionPacing, { name }: AccountPace): number {
  if (isAccountStopped(terms.controls, name)) return 0;
  return accountRate(terms.controls, name, terms.accounts.get(name) ?? 0);
}

function countLost(account: AccountPace, draft: Draft, from: number): void {
  const missed = account.busyUntil === null ? 0 : from - account.busyUntil - 1;
  if (missed > 0) draft.lost.set(account.name, (missed * account.calls.ratePerSecond) / secondMicros);
}

interface Desk {
  readonly pacing: PartitionPacing;
  readonly draft: Draft;
  readonly tick: Tick;
  readonly account: AccountPace;
}

function grantAccount(desk: Desk, window: { from: number; to: number }): void {
  const { account, draft, tick } = desk;
  const before = { grants: draft.grants.length, closures: draft.closures.length };
  let slotAt = earliestOf(account.charges, window.from);
  while (slotAt <= window.to && draft.closures.length - before.closures < tick.maxClosures) {
    const item = account.backlog.take(slotAt);
    if (item !== null) settle(desk, item, slotAt);
    const dueAt = account.backlog.dueAt();
    if (dueAt === null) break;
    slotAt = earliestOf(account.charges, Math.max(dueAt, window.from));
  }
  account.busyUntil = slotAt > window.to && isDue(account, window.to) ? window.to : null;
  if (draft.grants.length > before.grants) draft.moved.push(account);
}

function isDue({ backlog }: AccountPace, at: number): boolean {
  const dueAt = backlog.dueAt();
  return dueAt !== null && dueAt <= at;
}

/** A row is judged at its slot's instant. */
function settle(desk: Desk, item: Waiting, slotAt: number): void {
  if (isExpired(item, slotAt)) close(desk.pacing, desk.draft, { item, outcome: 'expired', reason: 'expired' });
  else grant(desk, item, slotAt);
}

const isExpired = ({ request }: Waiting, slotAt: number): boolean => request.expiresAt !== null && slotAt > request.expiresAt;

function grant({ account, pacing, draft }: Desk, item: Waiting, slotAt: number): void {
  const number = account.nextNumber();
  payAll(account.charges, slotAt);
  pacing.ledger.grant(item, number);
  draft.grants.push({ item, slotAt, number, era: account.era, cost: account.charges[0]?.cost ?? 1 });
}

function close(pacing: PartitionPacing, draft: Draft, closure: Closure): void {
  pacing.ledger.close(closure.item);
  draft.closures.push(closure);
}
