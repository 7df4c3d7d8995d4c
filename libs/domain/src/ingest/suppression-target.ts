// Whom a suppression is about, from how people write it. What is wrong is told without quoting it: it may be a number.
import { addressHint, isE164, isEmail, isMessageAddress, isMessageSender, isSid, isVoiceAddress } from './addresses.ts';
import type { ContactHash } from './admission.ts';

/** As it stands in a file or in the options of a command; '' = not given. */
export interface WrittenTarget {
  readonly contact: string;
  readonly channel: string;
  readonly sender: string;
}

/** As the table has it: keyed hashes only. */
export interface SuppressionTarget {
  readonly contact: string;
  readonly channel: string;
  readonly scope: string;
}

export const suppressionChannels: readonly string[] = ['sms', 'voice', 'whatsapp', 'verify', '*'];

const hash = /^[0-9a-f]{32}$/;
const whatsapp = 'whatsapp:';

/** The target, or what is wrong with it. */
export function suppressionTarget(written: WrittenTarget, hashes: ContactHash): SuppressionTarget | string {
  const contact = written.contact.trim();
  const channel = channelIn(written);
  const sender = written.sender.trim();
  const wrong = contactFault(contact) ?? channelFault(channel) ?? senderFault(sender, channel);
  if (wrong !== null) return wrong;
  return { contact: hash.test(contact) ? contact : hashes.ofContact(contact), channel, scope: scopeOf(sender, channel, hashes) };
}

/** An address that names its channel is of that channel, unless another is given. */
function channelIn({ contact, channel }: WrittenTarget): string {
  const given = channel.trim().toLowerCase();
  if (given !== '') return given === 'all' ? '*' : given;
  return contact.trim().startsWith(whatsapp) ? 'whatsapp' : '*';
}

export function contactFault(contact: string): string | null {
  if (contact === '') return 'contact is missing';
  const isAddress = isE164(contact) || isMessageAddress(contact) || isVoiceAddress(contact) || isEmail(contact);
  return isAddress || hash.test(contact) ? null : `contact: ${addressHint(contact)}, or its keyed hash of 32 hexadecimal digits`;
}

const channelFault = (channel: string): string | null =>
  suppressionChannels.includes(channel) ? null : `channel: give one of ${suppressionChannels.join(', ')}; * is all of them`;

function senderFault(sender: string, channel: string): string | null {
  if (sender === '' || sender === '*' || sender === 'value') return null;
  if (channel === '*') return 'a sender stands for one channel: give it too';
  return hash.test(sender) || isMessageSender(sender) || isSid(sender, 'MG')
    ? null
    : 'sender: give it as rows name it (E.164, a short code, an alphanumeric sender or MG...), or `value` when the number itself is no good';
}

function scopeOf(sender: string, channel: string, hashes: ContactHash): string {
  if (sender === '' || sender === '*') return '*';
  if (sender === 'value' || hash.test(sender)) return sender;
  return hashes.ofSender(channel === 'whatsapp' && isE164(sender) ? `${whatsapp}${sender}` : sender);
}
