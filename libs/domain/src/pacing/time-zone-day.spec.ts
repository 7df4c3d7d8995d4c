import fc from 'fast-check';
import { nextDailyReset, type DailyReset } from './time-zone-day.ts';

const at = (iso: string): number => Date.parse(iso) * 1000;
const iso = (micros: number): string => new Date(micros / 1000).toISOString().replace('.000Z', 'Z');

describe('the count of a day', () => {
  it.each<[string, DailyReset, [string, string]]>([
    ['begins again at midnight UTC', { at: '00:00', zone: 'UTC' }, ['2026-05-01T12:00:00Z', '2026-05-02T00:00:00Z']],
    ['begins after the instant, never at it', { at: '00:00', zone: 'UTC' }, ['2026-05-02T00:00:00Z', '2026-05-03T00:00:00Z']],
    ['begins again later the same day', { at: '06:00', zone: 'America/Chicago' }, ['2026-05-01T10:00:00Z', '2026-05-01T11:00:00Z']],
    [
      'keeps its time over the change to summer',
      { at: '06:00', zone: 'America/Chicago' },
      ['2026-03-07T12:00:00Z', '2026-03-08T11:00:00Z'],
    ],
    [
      'keeps its time over the change to winter',
      { at: '06:00', zone: 'America/Chicago' },
      ['2026-10-31T11:00:00Z', '2026-11-01T12:00:00Z'],
    ],
    [
      'begins when the clocks change where they skip its time',
      { at: '02:30', zone: 'Europe/Berlin' },
      ['2026-03-28T12:00:00Z', '2026-03-29T01:00:00Z'],
    ],
    ['begins the first time its time is shown', { at: '02:30', zone: 'Europe/Berlin' }, ['2026-10-24T12:00:00Z', '2026-10-25T00:30:00Z']],
    [
      'does not begin the second time its time is shown',
      { at: '02:30', zone: 'Europe/Berlin' },
      ['2026-10-25T01:00:00Z', '2026-10-26T01:30:00Z'],
    ],
    [
      'begins at one where the clocks skip midnight',
      { at: '00:00', zone: 'Africa/Cairo' },
      ['2026-04-23T12:00:00Z', '2026-04-23T22:00:00Z'],
    ],
    ['begins in half-hour zones', { at: '00:00', zone: 'Asia/Kolkata' }, ['2026-05-01T18:29:59Z', '2026-05-01T18:30:00Z']],
    ['begins in zones a day ahead', { at: '00:00', zone: 'Pacific/Chatham' }, ['2026-05-01T12:00:00Z', '2026-05-02T11:15:00Z']],
  ])('%s', (_rule, reset, [instant, next]) => {
    expect(iso(nextDailyReset(at(instant), reset))).toBe(next);
  });

  it('begins once a local date: one or two changes of the clocks apart from 24 hours', () => {
    const times = fc.constantFrom('00:00', '00:30', '01:30', '02:00', '02:30', '06:00', '23:30');
    const zones = fc.constantFrom(
      'America/Havana',
      'America/Chicago',
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
      'Africa/Cairo',
    );
    const start = fc.integer({ min: 0, max: 3600 * 24 * 365 }).map((second) => at('2026-01-01T00:00:00Z') + second * 1_000_000);
    fc.assert(
      fc.property(times, zones, start, (time, zone, instant) => {
        const date = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
        const first = nextDailyReset(instant, { at: time, zone });
        const second = nextDailyReset(first, { at: time, zone });
        expect(first).toBeGreaterThan(instant);
        expect((first - instant) / 3_600_000_000).toBeLessThanOrEqual(25);
        expect(Math.abs((second - first) / 3_600_000_000 - 24)).toBeLessThanOrEqual(1);
        expect(date.format(second / 1000)).not.toBe(date.format(first / 1000));
        expect(nextDailyReset(first - 1, { at: time, zone })).toBe(first);
      }),
      { numRuns: 400 },
    );
  });
});
