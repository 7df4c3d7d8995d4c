import { attemptIdOf, recordOf, type Request, type SlotGranted } from '@paceline/contracts';
import {
  attemptStarted,
  closedAtClaim,
  deadlineOf,
  disposalOf,
  onMonotonic,
  planCall,
  slotReturned,
  type CallPlan,
  type CallSettings,
  type Disposal,
  type DisposalRules,
  type Instant,
} from '@paceline/domain/sending';
import { isEvent, undecodableOutputs, type InputRecord, type OutputRecord } from '@paceline/pipeline';
import type { AccountPlaces } from './account-places.ts';
import type { Claim } from './claim.ts';
import type { PendingClaims } from './pending-claims.ts';
import type { SenderMetrics, Span, SpanSource } from './sender-ports.ts';
import type { SendGates } from './send-gates.ts';

/** One record of a slots partition, waiting to be disposed of. */
export interface QueuedSlot {
  readonly record: InputRecord;
  readonly slot: SlotGranted | null;
  /** Offset to commit once this record is done. */
  readonly next: number;
}

export const queuedSlot = (record: InputRecord, next: number): QueuedSlot => ({
  record,
  slot: isEvent(record, 'SlotGranted') ? record.event.data : null,
  next,
});

/** What one record adds to the transaction, and the claim that holds once it is committed. */
export interface Disposed {
  readonly outputs: readonly OutputRecord[];
  readonly claim: Claim | null;
  readonly span: Span | null;
}

export interface SlotDisposalOptions {
  readonly rules: DisposalRules;
  readonly gates: SendGates;
  readonly places: AccountPlaces;
  readonly pending: PendingClaims;
  readonly spans: SpanSource;
  readonly metrics: SenderMetrics;
  /** How an account's calls are built; undefined for an account that is not in the settings. */
  readonly callSettings: (account: string) => CallSettings | undefined;
  readonly sender: string;
}

/** Turns queued records into outputs, each in exactly one way. Decides in memory only: nothing holds before the commit. */
export class SlotDisposal {
  constructor(private readonly options: SlotDisposalOptions) {}

  dispose(queued: QueuedSlot, now: Instant): Disposed {
    const { slot, record } = queued;
    if (slot === null) return { outputs: undecodableOutputs(record, 'sender', now.wallMicros), claim: null, span: null };
    const plan = this.#planOf(slot);
    const disposal = this.#disposalOf(slot, plan, now);
    if (disposal.act !== 'claim' || plan === null) return this.#giveUp(queued, disposal, now);
    const cell = this.options.pending.take();
    if (cell === null) return this.#giveUp(queued, { act: 'return', reason: 'no-place-in-flight' }, now);
    return this.#claim(queued.record, { slot, plan, cell }, now);
  }

  /** All of a queue goes back at once: the process ends. */
  sendBack(queued: QueuedSlot, now: Instant): Disposed {
    if (queued.slot === null) return this.dispose(queued, now);
    return this.#giveUp(queued, { act: 'return', reason: 'shutdown' }, now);
  }

  #planOf({ request, attempt }: SlotGranted): CallPlan | null {
    const settings = this.options.callSettings(request.account);
    const plan = settings === undefined ? null : planCall(request, attemptIdOf(request.requestId, attempt), settings);
    return plan === null || 'unbuildable' in plan ? null : plan;
  }

  #disposalOf(slot: SlotGranted, plan: CallPlan | null, now: Instant): Disposal {
    const { gates, places, rules } = this.options;
    const { account } = slot.request;
    const slotGates = {
      tablesFresh: () => gates.areFresh(),
      knowsAccount: () => this.options.callSettings(account) !== undefined,
      controlOf: () => gates.controlOf(slot.request),
      isSuppressed: () => gates.isSuppressed(slot.request),
      isBuildable: () => plan !== null,
      hasRoom: () => places.hasRoom(account, onMonotonic(slot.slotAt, now)),
    };
    return disposalOf(slot, slotGates, { nowMicros: now.wallMicros, rules });
  }

  #claim(record: InputRecord, { slot, plan, cell }: { slot: SlotGranted; plan: CallPlan; cell: number }, now: Instant): Disposed {
    const { places, spans, rules, metrics, sender } = this.options;
    const { account } = slot.request;
    const span = spans.child('claim', record.headers, { attributes: { attempt: slot.attempt } });
    const deadline = deadlineOf({ slotAt: slot.slotAt, expiresAt: slot.request.expiresAt }, rules.lateToleranceMs);
    const event = attemptStarted(slot, deadline, { nowMicros: now.wallMicros, sender });
    const headers = headersOf(slot.request, slot.attempt, { ...record.headers, ...span.headers });
    const dueMs = onMonotonic(slot.slotAt, now);
    places.expect(account, dueMs);
    metrics.claimed(account);
    const claim: Claim = {
      started: event.data,
      plan,
      deadline: { wallMicros: deadline, monotonicMs: onMonotonic(deadline, now) },
      dueMs,
      partition: record.partition,
      headers,
      cell,
    };
    return { outputs: [recordOf(event, headers)], claim, span };
  }

  #giveUp({ slot, record }: QueuedSlot, disposal: Disposal, now: Instant): Disposed {
    if (slot === null || disposal.act === 'claim') throw new Error('a slot that is claimed is not given up');
    const { account } = slot.request;
    const headers = headersOf(slot.request, slot.attempt, record.headers);
    if (disposal.act === 'return') {
      this.options.metrics.returned(account, disposal.reason);
      const event = slotReturned(slot, disposal.reason, now.wallMicros);
      return { outputs: [recordOf(event, headers)], claim: null, span: null };
    }
    this.options.metrics.closed(account, disposal.outcome);
    const event = closedAtClaim(slot, disposal, now.wallMicros);
    return { outputs: [recordOf(event, headers)], claim: null, span: null };
  }
}

/** Trace and row headers of a record about this attempt. */
function headersOf(request: Request, attempt: number, from: Readonly<Record<string, string>>): Record<string, string> {
  const { traceparent } = from;
  return {
    ...(traceparent === undefined ? {} : { traceparent }),
    requestId: request.requestId,
    batchId: request.batchId,
    attempt: String(attempt),
  };
}
