import { hashId } from '@paceline/contracts';
import { instant, isConsent, suppressionLines, suppressionsToExport, type SuppressionLine } from '@paceline/domain/reporting';
import type { SuppressionIndex } from '@paceline/domain/sending';

/** Everything that was said, newest first within a contact. */
export const linesOf = (table: SuppressionIndex, now: number): SuppressionLine[] =>
  [...table.contacts()].flatMap((contact) => suppressionLines(table.of(contact), now));

export interface Known {
  /** Numbers by keyed hash; empty unless they were asked for. */
  readonly numbers: ReadonlyMap<string, string>;
  readonly senders: ReadonlyMap<string, string>;
}

export interface ListRow {
  readonly contact: string;
  readonly channel: string;
  readonly sender: string;
  readonly reason: string;
  readonly expiresAt: string;
}

/** What holds, in the columns that `import` reads. A hash stays a hash where no number is known. */
export const listRows = (lines: readonly SuppressionLine[], { numbers, senders }: Known): ListRow[] =>
  suppressionsToExport(lines).map(({ contact, channel, scope, reason, expiresAt }) => ({
    contact: numbers.get(contact) ?? contact,
    channel,
    sender: scope === '*' ? '' : (senders.get(scope) ?? scope),
    reason,
    expiresAt: expiresAt === null ? '' : instant(expiresAt),
  }));

export interface ConsentItem {
  readonly contact_id: string;
  readonly correlation_id: string;
  readonly sender_id: string;
  readonly status: 'opt-out';
  readonly source: 'others';
  readonly date_of_consent: string;
}

export interface Consents {
  readonly items: readonly ConsentItem[];
  /** Opt-outs with no place in Twilio's format, because their number or sender is not known. */
  readonly leftOut: number;
}

/** Opt-outs as Twilio's bulk consents take them: one per sender. Faults of numbers are no consents. */
export function consentItems(lines: readonly SuppressionLine[], known: Known): Consents {
  const optOuts = suppressionsToExport(lines.filter(isConsent));
  const all = optOuts.map((line) => itemsOf(line, known));
  return { items: all.flat(), leftOut: all.filter(({ length }) => length === 0).length };
}

/** Twilio keeps consents of text messages only. */
function itemsOf({ contact, channel, scope, since, eventId }: SuppressionLine, { numbers, senders }: Known): ConsentItem[] {
  const number = numbers.get(contact);
  if (number === undefined || channel === 'whatsapp') return [];
  const named = scope === '*' ? [...senders.values()] : [senders.get(scope) ?? ''];
  return named.filter(isTextSender).map((sender) => ({
    contact_id: number,
    correlation_id: hashId(eventId, sender),
    sender_id: sender,
    status: 'opt-out',
    source: 'others',
    date_of_consent: instant(since),
  }));
}

const isTextSender = (sender: string): boolean => sender !== '' && !sender.startsWith('whatsapp:');
