import fc from 'fast-check';
import { quietUntil, type QuietSpan } from './quiet-hours.ts';

const at = (iso: string): number => Date.parse(iso) * 1000;
const iso = (micros: number | null): string | null =>
  micros === null ? null : new Date(micros / 1000).toISOString().replace('.000Z', 'Z');
const night: QuietSpan = { from: '21:00', to: '08:00' };

describe('quiet hours', () => {
  it.each<[string, string, [string, string | null]]>([
    // A winter day, a summer day, and the two nights in which the clocks change.
    ['Chicago, noon', 'America/Chicago', ['2026-01-15T18:00:00Z', null]],
    ['Chicago, the last second before nine', 'America/Chicago', ['2026-01-16T02:59:59Z', null]],
    ['Chicago, nine in the evening', 'America/Chicago', ['2026-01-16T03:00:00Z', '2026-01-16T14:00:00Z']],
    ['Chicago, eight in the morning', 'America/Chicago', ['2026-01-16T14:00:00Z', null]],
    ['Chicago, summer', 'America/Chicago', ['2026-07-16T02:00:00Z', '2026-07-16T13:00:00Z']],
    ['Chicago, the night that is an hour short', 'America/Chicago', ['2026-03-08T03:30:00Z', '2026-03-08T13:00:00Z']],
    ['Chicago, the night that is an hour long', 'America/Chicago', ['2026-11-01T02:30:00Z', '2026-11-01T14:00:00Z']],
    ['Berlin, the short night', 'Europe/Berlin', ['2026-03-28T20:00:00Z', '2026-03-29T06:00:00Z']],
    ['Berlin, the long night', 'Europe/Berlin', ['2026-10-24T19:00:00Z', '2026-10-25T07:00:00Z']],
    ['Kolkata, half an hour off', 'Asia/Kolkata', ['2026-05-01T15:30:00Z', '2026-05-02T02:30:00Z']],
    ['Kolkata, before the evening', 'Asia/Kolkata', ['2026-05-01T15:29:59Z', null]],
    ['Chatham, winter, three quarters off', 'Pacific/Chatham', ['2026-06-15T08:15:00Z', '2026-06-15T19:15:00Z']],
    ['Chatham, summer begins', 'Pacific/Chatham', ['2026-09-26T08:15:00Z', '2026-09-26T18:15:00Z']],
    ['Chatham, summer ends', 'Pacific/Chatham', ['2026-04-04T07:15:00Z', '2026-04-04T19:15:00Z']],
  ])('%s', (_rule, zone, [instant, until]) => {
    expect(iso(quietUntil(at(instant), zone, night))).toBe(until);
  });

  it('of equal ends are none', () => {
    expect(quietUntil(at('2026-01-16T03:00:00Z'), 'America/Chicago', { from: '09:00', to: '09:00' })).toBeNull();
  });

  it('within one day end on that day', () => {
    const siesta = { from: '13:00', to: '15:30' };
    expect(iso(quietUntil(at('2026-07-01T11:59:59Z'), 'Europe/Berlin', siesta))).toBe('2026-07-01T13:30:00Z');
    expect(quietUntil(at('2026-07-01T10:59:59Z'), 'Europe/Berlin', siesta)).toBeNull();
  });

  it('whose end the clocks skip are over when the clocks change', () => {
    const early = { from: '22:00', to: '02:30' };
    expect(iso(quietUntil(at('2026-03-29T00:30:00Z'), 'Europe/Berlin', early))).toBe('2026-03-29T01:00:00Z');
  });

  it('whose end comes twice are over twice', () => {
    const early = { from: '22:00', to: '02:30' };
    expect(iso(quietUntil(at('2026-10-24T23:00:00Z'), 'Europe/Berlin', early))).toBe('2026-10-25T00:30:00Z');
    expect(quietUntil(at('2026-10-25T00:45:00Z'), 'Europe/Berlin', early)).toBeNull();
    expect(iso(quietUntil(at('2026-10-25T01:00:00Z'), 'Europe/Berlin', early))).toBe('2026-10-25T01:30:00Z');
  });

  it('keep the fraction of a second out of their end', () => {
    expect(iso(quietUntil(at('2026-01-16T03:00:00Z') + 1, 'America/Chicago', night))).toBe('2026-01-16T14:00:00Z');
  });

  it('of a zone that there is not are an error', () => {
    expect(() => quietUntil(at('2026-01-16T03:00:00Z'), 'Mars/Olympus', night)).toThrow(RangeError);
  });

  it('are what the clock shows minute by minute, in every zone, around every change of the clocks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, spans, (zone, instant, span) => {
        expect(iso(quietUntil(instant, zone, span))).toBe(iso(slowly(instant, zone, span)));
      }),
      { numRuns: 400 },
    );
  });
});

const zones = [
  ...['America/Chicago', 'America/St_Johns', 'America/Havana', 'America/Santiago', 'America/Nuuk', 'Europe/Berlin', 'Europe/Lisbon'],
  ...['Africa/Casablanca', 'Africa/Cairo', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Beirut', 'Asia/Tehran', 'Australia/Lord_Howe'],
  ...['Pacific/Chatham', 'Pacific/Kiritimati', 'Pacific/Apia', 'UTC'],
];

const minute = 60_000_000;
const hourly = (from: string, hours: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: hours * 60 - 1 }).map((minutes) => at(from) + minutes * minute);

/** Any minute of some years, and more of the weeks in which clocks change. */
const instants = fc.oneof(
  hourly('2020-01-01T00:00:00Z', 24 * 3650),
  hourly('2026-03-05T00:00:00Z', 24 * 5),
  hourly('2026-03-27T00:00:00Z', 24 * 4),
  hourly('2026-04-03T00:00:00Z', 24 * 4),
  hourly('2026-09-25T00:00:00Z', 24 * 3),
  hourly('2026-10-23T00:00:00Z', 24 * 11),
);

const timesOfDay = fc.integer({ min: 0, max: 1439 }).map((minutes) => {
  const [hour, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${String(hour).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
});
const spans = fc.record({ from: timesOfDay, to: timesOfDay });

const formats = new Map<string, Intl.DateTimeFormat>();

function shown(instant: number, zone: string): string {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    formats.set(zone, format);
  }
  return format.format(instant / 1000);
}

/** The same by looking at the clock every minute. */
function slowly(instant: number, zone: string, { from, to }: QuietSpan): number | null {
  const quiet = (when: number): boolean => {
    const clock = shown(when, zone);
    return from <= to ? clock >= from && clock < to : clock >= from || clock < to;
  };
  if (!quiet(instant)) return null;
  let end = instant;
  while (quiet(end)) end += minute;
  return end;
}
