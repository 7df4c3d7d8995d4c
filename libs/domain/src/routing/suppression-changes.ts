import { event, keyOf, metaOf, recordOf, type Micros, type OutputRecord, type SuppressionSet } from '@paceline/contracts';
import type { SuppressionIndex } from '../sending/suppression-index.ts';
import { heldSince, lifts, standing } from '../sending/suppression-standing.ts';

/** What a person, or a file of a person's, says of a contact. */
export interface SuppressionWish {
  /** Keyed hash. */
  readonly contact: string;
  readonly channel: string;
  readonly scope: string;
  /** operator, import, consent; of a lift what it lifts. */
  readonly origin: string;
  readonly lifted: boolean;
  readonly reason: string;
  readonly by: string;
  readonly expiresAt: Micros | null;
  /** The date of a consent; null = when it is written. */
  readonly asOf: Micros | null;
  /** The file it stands in, by a keyed hash of its content; null when said by hand. */
  readonly file: string | null;
}

/** older: dated before the lift that holds. Only the first three are written. */
export type SuppressionChange = 'added' | 'changed' | 'lifted' | 'unchanged' | 'expired' | 'older';

/**
 * Turns wishes into the records that make them true, against the table as it is. Saying the same again writes nothing; an
 * older date never replaces a newer one; what is added by hand after a lift holds.
 */
export class SuppressionChanges {
  readonly records: OutputRecord[] = [];

  constructor(
    private readonly table: SuppressionIndex,
    private readonly now: Micros,
  ) {}

  take(wish: SuppressionWish): SuppressionChange {
    const draft = this.#draft(wish, this.now);
    const present = this.table.get(keyOf(event('SuppressionSet', draft)));
    const data = wish.asOf === null ? this.#draft(wish, this.#instantOf(draft)) : draft;
    const idle = this.#idle(wish, data, present);
    if (idle !== null) return idle;
    const held = present !== undefined && this.#stands(present);
    this.#write(data);
    if (wish.lifted) return 'lifted';
    return held ? 'changed' : 'added';
  }

  /** Why nothing is to be written; null when something is. */
  #idle(wish: SuppressionWish, data: SuppressionSet, present: SuppressionSet | undefined): SuppressionChange | null {
    const isOver = !wish.lifted && wish.expiresAt !== null && wish.expiresAt <= this.now;
    if (isOver) return 'expired';
    if (present !== undefined && this.#isSaid(wish, present)) return 'unchanged';
    const isLifted = !wish.lifted && this.table.of(wish.contact).some((other) => other.lifted && lifts(other, data));
    return isLifted ? 'older' : null;
  }

  /** Dated: by the date. In the same file as before: yes, even if it was lifted since. Else: while it holds as wished. */
  #isSaid({ asOf, file, reason, expiresAt, lifted }: SuppressionWish, present: SuppressionSet): boolean {
    if (asOf !== null) return heldSince(present) >= asOf;
    if (lifted) return false;
    const isSame = present.reason === reason && present.expiresAt === expiresAt;
    return isSame && ((file !== null && present.meta.correlationId === file) || this.#stands(present));
  }

  #stands(fact: SuppressionSet): boolean {
    return standing(this.table.of(fact.contact), this.now).includes(fact);
  }

  /** Now, or just after what it must outlast: clocks of other machines may be ahead of ours. */
  #instantOf(draft: SuppressionSet): Micros {
    const always = { ...draft, asOf: Number.MAX_SAFE_INTEGER };
    const outlasted = this.table.of(draft.contact).filter((other) => {
      if (draft.lifted) return other.lifted ? isSameFact(other, draft) : lifts(always, other);
      return other.lifted ? lifts({ ...other, asOf: Number.MAX_SAFE_INTEGER }, draft) : isSameFact(other, draft);
    });
    return Math.max(this.now, ...outlasted.map((other) => heldSince(other) + (draft.lifted ? 0 : 1)));
  }

  #draft(wish: SuppressionWish, at: Micros): SuppressionSet {
    const { file, ...said } = wish;
    const { contact, channel, scope, origin, lifted } = said;
    const natural = [contact, channel, scope, origin, lifted ? 'lift' : 'fact', said.asOf ?? at];
    return { ...said, meta: metaOf('SuppressionSet', { natural, at, correlationId: file ?? `contact:${contact}` }) };
  }

  #write(data: SuppressionSet): void {
    const record = recordOf(event('SuppressionSet', data));
    this.records.push(record);
    this.table.apply(record.key, data);
  }
}

const isSameFact = (one: SuppressionSet, other: SuppressionSet): boolean =>
  one.channel === other.channel && one.scope === other.scope && one.origin === other.origin;
