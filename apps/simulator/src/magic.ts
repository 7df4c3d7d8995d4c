import { type RefusalCode } from './refusals.ts';

// Twilio's test-credential numbers as data. From numbers outside the table are refused only under `strictFrom`.
type Numbers = Readonly<Record<string, RefusalCode>>;

/** The one From that Twilio's test credentials accept. */
export const WORKING_SENDER = '+15005550006';

export const messageSenders: Numbers = { '+15005550001': 21212, '+15005550007': 21606, '+15005550008': 21611 };

export const messageRecipients: Numbers = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
};

export const callSenders: Numbers = { '+15005550001': 21212 };

export const callRecipients: Numbers = {
  '+15005550001': 21217,
  '+15005550002': 21214,
  '+15005550003': 21215,
  '+15005550004': 21216,
};

export interface MagicSettings {
  readonly magic: boolean;
  readonly strictFrom: boolean;
}

export interface MagicTable {
  readonly senders: Numbers;
  readonly recipients: Numbers;
  /** What any From other than the working one answers under test credentials. */
  readonly otherSender: RefusalCode;
}

export const messageMagic: MagicTable = { senders: messageSenders, recipients: messageRecipients, otherSender: 21606 };
export const callMagic: MagicTable = { senders: callSenders, recipients: callRecipients, otherSender: 21210 };

/** The refusal a magic number asks for: the sender is judged before the recipient; null when neither is magic. */
export function magicRefusal(
  table: MagicTable,
  numbers: { readonly to: string; readonly from: string | undefined },
  settings: MagicSettings,
): RefusalCode | null {
  if (!settings.magic) return null;
  return senderRefusal(table, numbers.from, settings.strictFrom) ?? table.recipients[numbers.to] ?? null;
}

function senderRefusal(table: MagicTable, from: string | undefined, strict: boolean): RefusalCode | null {
  if (from === undefined) return null;
  const known = table.senders[from];
  if (known !== undefined) return known;
  return strict && from !== WORKING_SENDER ? table.otherSender : null;
}
