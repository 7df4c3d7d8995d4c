/** Seven or more digits, also when spaces, dots, dashes or brackets group them. */
const digitRun = /\+?\d(?:[ ().-]{0,2}\d){6,}/g;
const longest = 500;

/** A vendor's message that may go into logs and events: no phone number survives in it. */
export function maskedMessage(message: string): string {
  const masked = message.replace(digitRun, '[number]');
  return masked.length <= longest ? masked : `${masked.slice(0, longest - 1)}…`;
}
