const E164 = /^\+[1-9]\d{6,14}$/;
const CHANNEL = /^(whatsapp|messenger|rcs|sip|client):(.+)$/;
const SHORT_CODE = /^\d{3,8}$/;
const ALPHANUMERIC = /^(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}$/;

export const isE164 = (value: string): boolean => E164.test(value);

/** A number in E.164, or an address of another channel (`whatsapp:+1...`, `client:name`). */
export function isAddress(value: string): boolean {
  const channel = CHANNEL.exec(value);
  if (channel === null) return isE164(value);
  return channel[1] === 'whatsapp' ? isE164(channel[2] ?? '') : true;
}

/** What may stand in From: an address, a short code or an alphanumeric sender id. */
export const isSender = (value: string): boolean => isAddress(value) || SHORT_CODE.test(value) || ALPHANUMERIC.test(value);

export const isSid = (prefix: string, value: string): boolean =>
  value.length === 34 && value.startsWith(prefix) && /^[0-9a-fA-F]{32}$/.test(value.slice(2));

export function isHttpUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}
