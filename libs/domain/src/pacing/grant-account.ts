import type { AccountPace } from './account-pace.ts';
import type { Pick } from './backlog.ts';
import type { Closure } from './closures.ts';
import type { PartitionPacing } from './partition-pacing.ts';
import type { Grant, Tick } from './slice.ts';
import { accountOpensAt, type Standing } from './standing.ts';
import type { Waiting } from './waiting.ts';

/** One account's part of a slice. */
export interface Desk {
  readonly pacing: PartitionPacing;
  readonly account: AccountPace;
  readonly standing: Standing;
  readonly tick: Tick;
  readonly grants: Grant[];
  readonly closures: Closure[];
}

/** Both ends included, UTC microseconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Grants every slot of the window that the account's limits and its rows' lanes allow, earliest first. */
export function grantAccount(desk: Desk, window: Window): void {
  const { account, standing } = desk;
  const opensAt = (from: number): number => accountOpensAt(account, standing, Math.max(from, window.from));
  let slotAt = opensAt(window.from);
  while (slotAt <= window.to && hasRoom(desk)) {
    const pick = account.backlog.take(slotAt);
    if (pick !== null) settle(desk, pick, slotAt);
    const dueAt = account.backlog.dueAt();
    if (dueAt === null) break;
    slotAt = opensAt(dueAt);
  }
  account.busyUntil = slotAt > window.to && isDue(account, window.to) ? window.to : null;
}

/** Whether one more row may be looked at: calls in flight, rows closed at once and rows set aside are bounded. */
function hasRoom({ account, standing, tick, closures }: Desk): boolean {
  if (closures.length >= tick.maxClosures || account.aside.isFull) return false;
  return account.flight.room(standing.flight, tick.now.wall) > 0;
}

function isDue({ backlog }: AccountPace, at: number): boolean {
  const dueAt = backlog.dueAt();
  return dueAt !== null && dueAt <= at;
}

/** A row is judged at its slot's instant. */
function settle(desk: Desk, pick: Pick, slotAt: number): void {
  const { pacing, account, tick } = desk;
  const { item } = pick;
  const slotsPartition = pacing.terms.slots.of(item.request.requestId);
  if (isExpired(item, slotAt)) close(desk, { item, outcome: 'expired', reason: 'expired' });
  else if (!pacing.terms.board.speaks(slotsPartition, tick.now.monotonic)) account.aside.put(slotsPartition, item);
  else grant(desk, pick, slotAt);
}

const isExpired = ({ request }: Waiting, slotAt: number): boolean => request.expiresAt !== null && slotAt > request.expiresAt;

function grant({ account, pacing, grants }: Desk, pick: Pick, slotAt: number): void {
  const number = account.pay(pick, slotAt);
  pacing.ledger.grant(pick.item, number);
  grants.push({ item: pick.item, slotAt, number, era: account.era, cost: 1 });
}

function close({ pacing, closures }: Desk, closure: Closure): void {
  pacing.ledger.close(closure.item);
  closures.push(closure);
}
