/** Shapes of addresses and SIDs. They tell a typing error from a number; whether a number exists is Twilio's verdict. */
const e164 = /^\+[1-9]\d{6,14}$/;
const channel = /^(whatsapp|rcs|messenger|viber|line|telegram):\S+$/i;
const phoneChannel = /^(?:whatsapp|rcs):/i;

export const isE164 = (text: string): boolean => e164.test(text);

export const isSid = (text: string, prefix: string): boolean => text.startsWith(prefix) && /^[A-Z]{2}[0-9a-f]{32}$/i.test(text);

/** E.164, or a channel address; the phone number inside whatsapp: and rcs: must be E.164 too. */
export function isMessageAddress(text: string): boolean {
  if (isE164(text)) return true;
  return channel.test(text) && (!phoneChannel.test(text) || isE164(phoneOf(text)) || !/^\+?\d/.test(phoneOf(text)));
}

/** The number without its channel prefix, so that one person is one contact on every channel. */
export const phoneOf = (address: string): string => address.replace(phoneChannel, '');

/** A phone number, short code, alphanumeric sender or channel address. */
export const isMessageSender = (text: string): boolean =>
  isMessageAddress(text) || /^\d{3,8}$/.test(text) || (/^[A-Za-z0-9 _&+-]{1,11}$/.test(text) && /[A-Za-z]/.test(text));

export const isVoiceAddress = (text: string): boolean => isE164(text) || /^(sip|sips|client|app):\S+$/i.test(text);

export const isEmail = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);

/** https only: a callback or media address in the clear would carry personal data. */
export const isHttpsUrl = (text: string): boolean => /^https:\/\/[^\s/?#@]+(?:[/?#]\S*)?$/i.test(text);

/** What to say about a number that is not E.164; never quotes it. */
export function addressHint(text: string): string {
  if (/^\d[\d\s().-]*$/.test(text)) return 'the plus sign is missing: write +<country code><number>';
  if (/^\+[\d\s().-]+$/.test(text) && /[\s().-]/.test(text)) return 'write it without spaces, dots, dashes and brackets';
  if (/e\+?\d+$/i.test(text)) return 'a spreadsheet has turned it into a floating-point number';
  return 'write E.164: a plus sign and 7 to 15 digits, or a channel address such as whatsapp:+<number>';
}
