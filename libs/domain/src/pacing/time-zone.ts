/** What a zone's wall clock shows; Intl knows the rules of every IANA zone, and no moment of its own is read here. */
const formats = new Map<string, Intl.DateTimeFormat>();
const mostFormats = 1000;

const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, ...parts, hourCycle: 'h23' });
    if (formats.size >= mostFormats) formats.clear();
    formats.set(timeZone, format);
  }
  return format;
}

/** Whether the name is an IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** How far the zone's clock is ahead of UTC at that instant, both in milliseconds. Throws a RangeError for an unknown zone. */
export function offsetAt(utcMillis: number, timeZone: string): number {
  const found = new Map<string, number>();
  for (const { type, value } of formatOf(timeZone).formatToParts(utcMillis)) found.set(type, Number(value));
  const [year = 0, month = 1, ...rest] = Object.keys(parts).map((name) => found.get(name) ?? 0);
  return Date.UTC(year, month - 1, ...rest) - Math.floor(utcMillis / 1000) * 1000;
}
