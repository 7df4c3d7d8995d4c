import { SystemClock } from './clock.ts';

describe('the clock', () => {
  test('wall time is UTC microseconds, as whole numbers', () => {
    const before = (Date.now() - 3) * 1000;
    const micros = new SystemClock().wallMicros();
    expect(Number.isSafeInteger(micros)).toBe(true);
    expect(micros).toBeGreaterThanOrEqual(before);
    expect(micros).toBeLessThanOrEqual((Date.now() + 3) * 1000);
  });

  test('monotonic time never steps back', () => {
    const clock = new SystemClock();
    const read = Array.from({ length: 1_000 }, () => clock.monotonicMs());
    expect(read).toEqual(read.toSorted((a, b) => a - b));
  });
});
