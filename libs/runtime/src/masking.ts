/**
 * Masks what may be a phone number in free text: digit runs of 7 and more, also with separators after a `+` or in
 * groups. Ids of ours and Twilio's (32 and 16 hex digits, 12 of a lane) are kept, so that a line can be followed.
 */
const TOKEN =
  /\b(?:[A-Z]{2})?[0-9a-fA-F]{32}\b|\b(?=[0-9a-f]*[a-f])(?:[0-9a-f]{16}|[0-9a-f]{12})\b|(?:\+|%2B)\d(?:[\s().-]*\d){5,}|\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}|\d{7,}/g;

const ID = /^(?:[A-Z]{2})?[0-9a-fA-F]{32}$|^(?=.*[a-f])[0-9a-f]{12,16}$/;

export const maskText = (text: string): string => text.replace(TOKEN, (found) => (ID.test(found) ? found : '[number]'));
