import { parseInstant } from './instants.ts';

const at = (iso: string): number => Date.parse(iso) * 1000;

describe('parseInstant', () => {
  it.each([
    ['Z', '2026-05-01T09:00:00Z', null, at('2026-05-01T09:00:00Z')],
    ['an offset', '2026-05-01T09:00:00+02:00', null, at('2026-05-01T07:00:00Z')],
    ['an offset without colon', '2026-05-01 09:00-0530', null, at('2026-05-01T14:30:00Z')],
    ['microseconds', '2026-05-01T09:00:00.000001Z', null, at('2026-05-01T09:00:00Z') + 1],
    ['a date alone is midnight', '2026-05-01', 'UTC', at('2026-05-01T00:00:00Z')],
    ['local time in summer', '2026-07-01T12:00', 'Europe/Berlin', at('2026-07-01T10:00:00Z')],
    ['local time in winter', '2026-01-01T12:00', 'Europe/Berlin', at('2026-01-01T11:00:00Z')],
    ['the hour after the clocks go forward', '2026-03-29T03:30', 'Europe/Berlin', at('2026-03-29T01:30:00Z')],
    ['the offset goes before the zone', '2026-07-01T12:00Z', 'Europe/Berlin', at('2026-07-01T12:00:00Z')],
    ['local time without a zone is not guessed', '2026-07-01T12:00', null, null],
    ['an unknown zone', '2026-07-01T12:00', 'Mars/Olympus', null],
    ['a day that is not', '2026-02-30T12:00Z', null, null],
    ['an hour that is not', '2026-02-20T24:00Z', null, null],
    ['the last year that can be kept', '2254-12-31T23:59:59Z', null, at('2254-12-31T23:59:59Z')],
    ['the end of time', '9999-12-31T23:59:59Z', null, null],
    ['words', 'tomorrow', 'UTC', null],
    ['a local date format', '01/05/2026', 'UTC', null],
  ])('%s', (...[, text, zone, micros]) => {
    expect(parseInstant(text, zone)).toBe(micros);
  });
});
