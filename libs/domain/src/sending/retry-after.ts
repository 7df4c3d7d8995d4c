/** What a server may ask for at most; a longer wait is ours to decide. */
export const longestRetryAfterMs = 600_000;

const seconds = /^\d{1,15}(?:\.\d{1,6})?$/;
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

const capped = (ms: number): number => Math.min(Math.max(0, Math.round(ms)), longestRetryAfterMs);

/** Milliseconds to wait, from seconds or an HTTP date; null when absent, negative or garbage; capped when huge. */
export function retryAfterMs(header: string | undefined, nowMicros: number): number | null {
  const value = header?.trim() ?? '';
  if (seconds.test(value)) return capped(Number(value) * 1000);
  if (/^\d{16,}$/.test(value)) return longestRetryAfterMs;
  if (!httpDate.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : capped(at - nowMicros / 1000);
}
