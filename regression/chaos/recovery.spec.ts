import type { Kill } from './crew.ts';
import { recoveries } from './recovery.ts';

const second = 1_000_000;
const kill = (at: number): Kill => ({ victim: 'sender', label: null, at: at * second });
const calls = (...at: number[]): number[] => at.map((seconds) => seconds * second);
const shown = (kills: readonly Kill[], accepted: readonly number[]): unknown[] =>
  recoveries(kills, accepted).map(({ ms, paused }) => [ms, paused]);

describe('recovery after a kill', () => {
  it('is the time to the next accepted call when nothing paused', () => {
    expect(shown([kill(10)], calls(9.9, 10.2, 10.4))).toEqual([[200, false]]);
  });

  it('is the time to the first call after the pause, also when the pause begins later', () => {
    expect(shown([kill(10)], calls(10.1, 10.3, 14, 14.2))).toEqual([[4_000, true]]);
  });

  it('leaves a pause that begins after the next kill to that kill', () => {
    expect(shown([kill(10), kill(12)], calls(10.5, 11.4, 12.2, 15, 15.1))).toEqual([
      [500, false],
      [3_000, true],
    ]);
  });

  it('leaves the longer pause to the next kill when it began just before that one was recorded', () => {
    const between = Array.from({ length: 140 }, (_, n) => 16 + n / 10);
    expect(shown([kill(10), kill(30)], calls(10.1, ...between, 37, 37.1))).toEqual([
      [6_000, true],
      [7_000, true],
    ]);
  });

  it('lasts over the next kill when calls came back only after it', () => {
    expect(shown([kill(10), kill(14)], calls(10.1, 20, 20.1))).toEqual([
      [10_000, true],
      [6_000, true],
    ]);
  });

  it('is unknown when no call came any more', () => {
    expect(shown([kill(10)], calls(9))).toEqual([[null, false]]);
  });
});
