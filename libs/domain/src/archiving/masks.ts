/** What leaves the personal part goes through here: no phone number may be read outside the personal table. */

const international = /\+\d(?:[ ().-]{0,2}\d){6,14}/g;
const bareDigits = /(?<![0-9A-Za-z])\d{9,15}(?![0-9A-Za-z])/g;
const grouped = /(?<![0-9A-Za-z])\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-]\d{4}(?![0-9A-Za-z])/g;
const scheme = /^[a-z]+:/i;

const hideMiddle = (value: string): string =>
  value.length <= 4 ? '*'.repeat(value.length) : `${value.slice(0, 2)}${'*'.repeat(value.length - 4)}${value.slice(-2)}`;

/** `+15005550006` -> `+1********06`; `whatsapp:+1500...` keeps its scheme. */
export function maskAddress(address: string): string {
  const prefix = scheme.exec(address)?.[0] ?? '';
  return prefix + hideMiddle(address.slice(prefix.length));
}

/**
 * Hides phone numbers in free text: `+` and 7 to 15 digits with separators, 9 to 15 digits standing alone, or 3-3-4 groups.
 * 16-digit microsecond stamps, hashes and SIDs stay.
 */
export const maskText = (text: string): string =>
  text.replace(international, hideMiddle).replace(bareDigits, hideMiddle).replace(grouped, hideMiddle);

/** Hides only international numbers: file names carry dates and run numbers that people search for. */
export const maskName = (name: string): string => name.replace(international, hideMiddle);

/** JSON with every text in it masked, keys of maps included. */
export const maskedJson = (value: object): string => JSON.stringify(value, maskEntry);

function maskEntry(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.length < 8 ? value : maskText(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.keys(value).some(isMasked)
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [maskText(name), each]))
    : value;
}

const isMasked = (text: string): boolean => text.length >= 8 && maskText(text) !== text;
