import { longestRetryAfterMs, retryAfterMs } from './retry-after.ts';

const now = Date.UTC(2026, 0, 5, 10, 0, 0) * 1000;

describe('Retry-After', () => {
  it.each([
    ['seconds', '2', 2_000],
    ['fractions', '0.5', 500],
    ['zero', '0', 0],
    ['an HTTP date', 'Mon, 05 Jan 2026 10:00:30 GMT', 30_000],
    ['a past HTTP date', 'Mon, 05 Jan 2026 09:00:00 GMT', 0],
    ['a far HTTP date', 'Mon, 05 Jan 2032 09:00:00 GMT', longestRetryAfterMs],
    ['huge seconds', '999999999', longestRetryAfterMs],
    ['absurd seconds', '9'.repeat(40), longestRetryAfterMs],
    ['negative seconds', '-5', null],
    ['garbage', 'soon', null],
    ['an empty value', '', null],
  ])('%s', (_name, header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it('absent', () => {
    expect(retryAfterMs(undefined, now)).toBeNull();
  });
});
