// How soon a suppression is seen by a sender: recipients that have opted out are called, and slots for them go on.
import { contactOf, type EventOf, type ResponseRecorded } from '@paceline/contracts';
import type { EventRecord } from '@paceline/pipeline';
import { grant, plannedSlots, slotOf, type PlannedSlot } from './sender-slots.ts';
import { benchAccount, simulated, type SenderWorld } from './sender-world.ts';
import { benchBatchId, rowRecords, senderNumber } from './world/bench-rows.ts';
import { nowMicros } from './world/bench-world.ts';
import { startCpuMeter, type CpuUse } from './world/cpu-meter.ts';

/** Twilio's number of somebody who has opted out (21610); the recipients differ by their contact. */
const optedOut = '+15005550004';
const rungs = 20;
const rungEveryMicros = 150_000;
const recipientEveryMicros = 100_000;
/** Calls of others meanwhile, per second. */
export const backgroundRate = 200;

/** How long a recipient's slots go on. */
export const ladderMs = (rungs * rungEveryMicros) / 1_000;

interface Recipient {
  /** When Twilio's first refusal was read, UTC microseconds. */
  refusedAt: number | null;
  /** When the sender first acted on the suppression. */
  seenAt: number | null;
  readonly calls: number[];
}

export interface VisibilityRun {
  readonly recipients: readonly Recipient[];
  readonly cpu: CpuUse;
}

interface Plan {
  readonly batchId: string;
  readonly recipients: number;
  readonly firstAt: number;
}

/** Each recipient's slots, all recipients interleaved in the order of their instants. */
function ladders({ batchId, recipients, firstAt }: Plan, contactKey: string): PlannedSlot[] {
  const place = { account: benchAccount.name, batchId, contactKey, now: firstAt };
  const admitted = rowRecords({ weight: 1, rows: recipients * rungs, senders: [senderNumber(1)], costs: [1] }, place);
  const slots = admitted.map(({ event: { data } }, index) => {
    const { request } = data as EventOf<'RequestAdmitted'>['data'];
    const [recipient, rung] = [Math.floor(index / rungs), index % rungs];
    const contact = contactOf(contactKey, `${batchId}/${recipient}`);
    const own = { ...request, contact, personal: { ...request.personal, to: optedOut } };
    return slotOf(own, firstAt + recipient * recipientEveryMicros + rung * rungEveryMicros, index + 1);
  });
  return slots;
}

const recipientOf = (row: number): number => Math.floor((row - 1) / rungs);

/** What the log says of the recipients. Rows are known by their request, which claims and slots carry. */
class Story {
  readonly recipients: Recipient[];
  readonly #rows = new Map<string, number>();

  constructor(slots: readonly PlannedSlot[], count: number) {
    this.recipients = Array.from({ length: count }, () => ({ refusedAt: null, seenAt: null, calls: [] }));
    slots.forEach(({ record }) => {
      const { request } = (record.event as EventOf<'SlotGranted'>).data;
      this.#rows.set(request.requestId, request.row);
    });
  }

  fold({ event }: EventRecord): void {
    if (event.type === 'RequestClosed') {
      const { outcome, requestId, meta } = event.data;
      if (outcome === 'suppressed') this.#seen(requestId, meta.occurredAt);
    } else if (event.type === 'ResponseRecorded') this.#answered(event.data);
  }

  #answered({ requestId, meta, reason, calledAt, answeredAt, code }: ResponseRecorded): void {
    if (reason === 'gate-closed') this.#seen(requestId, meta.occurredAt);
    const recipient = this.#of(requestId);
    if (recipient === undefined || calledAt === null) return;
    recipient.calls.push(calledAt);
    if (code === 21610 && answeredAt !== null) recipient.refusedAt = Math.min(recipient.refusedAt ?? answeredAt, answeredAt);
  }

  #seen(requestId: string, at: number): void {
    const recipient = this.#of(requestId);
    if (recipient !== undefined) recipient.seenAt = Math.min(recipient.seenAt ?? at, at);
  }

  #of(requestId: string): Recipient | undefined {
    const row = this.#rows.get(requestId);
    return row === undefined ? undefined : this.recipients[recipientOf(row)];
  }
}

export async function runVisibility(world: SenderWorld, recipients: number): Promise<VisibilityRun> {
  await world.ledger.configure({ ...simulated(100), magic: true });
  const firstAt = nowMicros() + 3_000_000;
  const batchId = benchBatchId('visibility', firstAt);
  const asked = ladders({ batchId, recipients, firstAt }, world.contactKey);
  const seconds = (recipients * recipientEveryMicros) / 1_000_000 + ladderMs / 1_000;
  const others = plannedSlots({ batchId: benchBatchId('background', firstAt), rate: backgroundRate, seconds, firstAt }, world.contactKey);
  const stopMeter = startCpuMeter(await world.processes());
  await grant(
    world,
    [...asked, ...others].toSorted((a, b) => a.slotAt - b.slotAt),
  );
  await world.wait(3_000);
  const cpu = stopMeter();
  await world.requireAllAlive();
  const story = new Story(asked, recipients);
  await world.reader.readToEnd(['paceline.responses', 'paceline.outcomes'], (record) => story.fold(record));
  return { recipients: story.recipients, cpu };
}
