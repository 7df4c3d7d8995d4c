import type { OutcomeReason, Outcome, ReturnReason, SlotGranted } from '@paceline/contracts';

/** A slot that waits in the queue; null stands for a record that could not be decoded, which is disposed of at once. */
export interface Queued {
  readonly slot: SlotGranted | null;
}

export interface DisposalRules {
  /** Claim this long before slotAt. */
  readonly claimLeadMs: number;
  /** With the first near slot, take those this much further ahead into the same transaction. */
  readonly windowMs: number;
  /** No claim of a slot that is later than this. */
  readonly lateToleranceMs: number;
  /** Slots further ahead than this come from a clock that disagrees with ours. */
  readonly maxAheadMs: number;
  /** Most slots of one transaction. */
  readonly most: number;
}

export type Disposal =
  | { readonly act: 'claim' }
  | { readonly act: 'return'; readonly reason: ReturnReason }
  | { readonly act: 'close'; readonly outcome: Outcome; readonly reason: OutcomeReason };

/** What decides about one slot besides the clock, asked in offset order. */
export interface SlotGates {
  tablesFresh(): boolean;
  knowsAccount(account: string): boolean;
  /** The control in the way, or null. */
  controlOf(slot: SlotGranted): Disposal | null;
  isSuppressed(slot: SlotGranted): boolean;
  isBuildable(slot: SlotGranted): boolean;
  /** Whether a call claimed now can expect a place in flight at its instant. */
  hasRoom(slot: SlotGranted): boolean;
}

const micros = (ms: number): number => ms * 1000;

const isFarAhead = (slot: SlotGranted, nowMicros: number, rules: DisposalRules): boolean =>
  slot.slotAt > nowMicros + micros(rules.maxAheadMs);

/** When this entry wants to be disposed of, UTC microseconds. */
function wantedAt({ slot }: Queued, nowMicros: number, rules: DisposalRules): number {
  return slot === null || isFarAhead(slot, nowMicros, rules) ? nowMicros : slot.slotAt - micros(rules.claimLeadMs);
}

/** When the next prefix is due, UTC microseconds; null when nothing is queued. */
export function nextDisposalAt(queue: Iterable<Queued>, nowMicros: number, rules: DisposalRules): number | null {
  let next: number | null = null;
  for (const entry of queue) {
    const at = wantedAt(entry, nowMicros, rules);
    if (next === null || at < next) next = at;
  }
  return next;
}

/**
 * How many entries from the front are disposed of now: the whole prefix up to the last near one, because offsets are
 * committed in order. Entries on the way that are not near yet are claimed early; a claim holds until its deadline.
 */
export function duePrefix(queue: readonly Queued[], nowMicros: number, rules: DisposalRules): number {
  const next = nextDisposalAt(queue, nowMicros, rules);
  if (next === null || next > nowMicros) return 0;
  const until = nowMicros + micros(rules.windowMs);
  const last = queue.findLastIndex((entry) => wantedAt(entry, nowMicros, rules) <= until);
  return Math.min(last + 1, rules.most);
}

/** The one way this slot is disposed of; the first rule that applies decides. */
export function disposalOf(slot: SlotGranted, gates: SlotGates, at: { nowMicros: number; rules: DisposalRules }): Disposal {
  return clockDisposal(slot, at.nowMicros, at.rules) ?? gateDisposal(slot, gates, at.nowMicros) ?? { act: 'claim' };
}

function clockDisposal(slot: SlotGranted, nowMicros: number, rules: DisposalRules): Disposal | null {
  if (nowMicros > slot.slotAt + micros(rules.lateToleranceMs)) return { act: 'return', reason: 'late' };
  if (isFarAhead(slot, nowMicros, rules)) return { act: 'return', reason: 'clock-ahead' };
  return null;
}

function gateDisposal(slot: SlotGranted, gates: SlotGates, nowMicros: number): Disposal | null {
  if (!gates.tablesFresh()) return { act: 'return', reason: 'tables-not-fresh' };
  const control = gates.controlOf(slot);
  if (control?.act === 'close') return control;
  return closing(slot, gates, nowMicros) ?? control ?? waiting(slot, gates);
}

function closing(slot: SlotGranted, gates: SlotGates, nowMicros: number): Disposal | null {
  const { expiresAt } = slot.request;
  if (gates.isSuppressed(slot)) return { act: 'close', outcome: 'suppressed', reason: 'suppressed' };
  if (expiresAt !== null && Math.max(nowMicros, slot.slotAt) >= expiresAt) return { act: 'close', outcome: 'expired', reason: 'expired' };
  return null;
}

function waiting(slot: SlotGranted, gates: SlotGates): Disposal | null {
  if (!gates.knowsAccount(slot.request.account)) return { act: 'return', reason: 'unknown-account' };
  if (!gates.isBuildable(slot)) return { act: 'close', outcome: 'rejected', reason: 'unbuildable' };
  return gates.hasRoom(slot) ? null : { act: 'return', reason: 'no-place-in-flight' };
}
