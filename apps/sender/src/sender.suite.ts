import {
  event as eventOf,
  metaOf,
  partitionsOf,
  type Event,
  type EventName,
  type EventOf,
  type Request,
  type SlotGranted,
} from '@paceline/contracts';
import type { OutputRecord, PartitionTask, RecordBatch } from '@paceline/pipeline';
import { AccountPlaces } from './account-places.ts';
import { CallRunner } from './call-runner.ts';
import type { Checkpoint } from './checkpoint.ts';
import { ClaimCloser } from './claim-closer.ts';
import { FiringInline } from './firing-inline.suite.ts';
import { ManualTime, settle } from './manual-time.suite.ts';
import { MemoryOpening, MemoryTable, MemoryTwilio } from './memory-ports.suite.ts';
import { OwnedPartitions } from './owned-partitions.ts';
import { PendingClaims } from './pending-claims.ts';
import { ResponseOutbox } from './response-outbox.ts';
import { SendGates } from './send-gates.ts';
import { SlotTasks } from './slot-tasks.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const metrics = {
  claimed: () => undefined,
  returned: () => undefined,
  closed: () => undefined,
  fired: () => undefined,
  answered: () => undefined,
  inFlight: () => undefined,
  openingLost: () => undefined,
};
const spans = { child: (name: string) => ({ headers: { traceparent: `span of ${name}` }, fail: () => undefined, end: () => undefined }) };

/** A sender over ports in memory: the service's own tasks, runner, gates and outbox. */
export class Sender {
  readonly trail: string[] = [];
  readonly labels: string[] = [];
  readonly time = new ManualTime();
  readonly controls = new MemoryTable<EventOf<'ControlSet'>>();
  readonly suppressions = new MemoryTable<EventOf<'SuppressionSet'>>();
  readonly twilio = new MemoryTwilio(this.trail);
  readonly written: OutputRecord[] = [];
  readonly owned = new OwnedPartitions(partitionsOf.request);
  readonly pending: PendingClaims;
  readonly firing: FiringInline;
  readonly deaths: Error[] = [];
  readonly runner: CallRunner;
  readonly outbox: ResponseOutbox;
  readonly tasks: SlotTasks;

  constructor(caps: Readonly<Record<string, number>> = { demo: 100 }, capacity = 100) {
    const { clock, scheduler } = this.time;
    const checkpoint: Checkpoint = (label) => void this.labels.push(label);
    const facts = { write: (records: readonly OutputRecord[]) => Promise.resolve(void this.written.push(...records)) };
    const gates = new SendGates({ controls: this.controls, suppressions: this.suppressions }, clock);
    const places = new AccountPlaces((name) => gates.capOf(name, caps[name] ?? 0), this.owned, clock);
    this.outbox = new ResponseOutbox({ facts, scheduler, checkpoint, logger: silent, lingerMs: 50 });
    const pending = new PendingClaims(capacity, Object.keys(caps));
    const firing = new FiringInline({ clock, scheduler, checkpoint, twilio: this.twilio, shared: pending.shared });
    const base = { clock, scheduler, spans, metrics, checkpoint, outbox: this.outbox, sender: 'sender-1', logger: silent };
    const shared = { ...base, gates, places, pending, firing };
    this.runner = new CallRunner({ ...shared, closer: new ClaimCloser(base), onDeath: (error) => void this.deaths.push(error) });
    [this.pending, this.firing] = [pending, firing];
    this.tasks = new SlotTasks({
      ...shared,
      owned: this.owned,
      runner: this.runner,
      lead: { ms: 250, committed: () => undefined },
      rules: { claimLeadMs: 250, windowMs: 60, lateToleranceMs: 20, maxAheadMs: 2_000, most: 500 },
      queueBound: 10,
      graceMs: 1_000,
      callSettings: (account) => (account in caps ? { accountSid: 'AC1', callbacksUrl: null } : undefined),
    });
  }

  opening(partition = 0): MemoryOpening {
    return new MemoryOpening(partition, this.trail);
  }

  /** A slot `ms` from now. */
  slot(ms: number, over: Partial<Request> = {}): SlotGranted {
    const meta = metaOf('SlotGranted', { natural: [String(over.requestId ?? 'r1')], at: 0, correlationId: 'b1' });
    const slotAt = this.time.wall + ms * 1000;
    return {
      meta,
      request: { ...request, ...over },
      attempt: 1,
      backoff: { throttles: 0, since: null },
      slotAt,
      number: 1,
      era: 1,
      cost: 1,
    };
  }

  responses(): EventOf<'ResponseRecorded'>['data'][] {
    return this.written.map((record) => dataOf('ResponseRecorded', record.event));
  }
}

export const dataOf = <N extends EventName>(type: N, given: Event | undefined): EventOf<N>['data'] => {
  if (given?.type !== type) throw new Error(`expected ${type}, got ${given?.type ?? 'nothing'}`);
  return given.data as EventOf<N>['data'];
};

const request: Request = {
  requestId: 'r1',
  batchId: 'b1',
  account: 'demo',
  api: 'messages',
  lane: 'messages:abc',
  row: 1,
  line: 2,
  cost: 1,
  priority: 0,
  notBefore: null,
  expiresAt: null,
  timeZone: null,
  externalId: null,
  contact: 'c1',
  sender: 's1',
  parent: null,
  personal: { to: '+15005550009', params: [{ name: 'Body', value: 'Hi' }] },
};

/** Slots as one fetch delivers them; a control record follows the last. */
export function batchOf(slots: readonly SlotGranted[], firstOffset = 0): RecordBatch {
  const records = slots.map((data, at) => ({
    kind: 'event' as const,
    topic: 'paceline.slots' as const,
    partition: 0,
    offset: firstOffset + at,
    key: data.request.requestId,
    headers: { traceparent: 'span of the slot' },
    timestampMs: 0,
    event: eventOf('SlotGranted', data),
  }));
  return { topic: 'paceline.slots', partition: 0, records, nextOffset: firstOffset + slots.length + 1 };
}

/** A task on a fresh opening of a partition. */
export async function opened(sender: Sender, partition = 0): Promise<{ opening: MemoryOpening; task: PartitionTask }> {
  const opening = sender.opening(partition);
  const task = sender.tasks.open(opening);
  await settle();
  return { opening, task };
}
