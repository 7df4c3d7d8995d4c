import { AdaptiveKnob, type Holds } from './adaptive-knob.ts';

const holds: Holds = { searchMs: 3, firstMs: 30, longestMs: 60 };

describe('one side of an adapted pace', () => {
  let knob: AdaptiveKnob;
  beforeEach(() => {
    const halfway = (good: number, tooMuch: number) => (tooMuch - good > 4 ? (good + tooMuch) / 2 : null);
    knob = new AdaptiveKnob({ floor: 10, ceiling: 1_000 }, { up: (value) => value + 8, halfway });
    knob.set(100, 0);
  });

  const stands = () => [knob.value, knob.heldUntilMs];

  it('goes back to what held when a step was too much, and soon tries halfway', () => {
    knob.raise(0, holds);
    knob.back(10, holds);
    expect(stands()).toEqual([100, 13]);
    expect(knob.raise(13, holds)).toBeCloseTo(0.04);
    expect(stands()).toEqual([104, 43]);
  });

  it('leaves what is near enough alone for long, and longer each time; then takes a whole step again', () => {
    knob.raise(0, holds);
    knob.back(0, holds);
    knob.raise(3, holds);
    knob.back(10, holds);
    expect(stands()).toEqual([100, 40]);
    knob.raise(40, holds);
    expect(knob.value).toBe(108);
    knob.back(50, holds);
    knob.raise(53, holds);
    knob.back(60, holds);
    expect(stands()).toEqual([100, 120]);
  });

  it('goes on from halfway when that held', () => {
    knob.raise(0, holds);
    knob.back(0, holds);
    knob.raise(3, holds);
    knob.raise(43, holds);
    expect(knob.value).toBe(112);
    knob.back(50, holds);
    expect(stands()).toEqual([104, 53]);
  });

  it('knows nothing of it any more after a cut', () => {
    knob.raise(0, holds);
    knob.back(0, holds);
    knob.set(50, 9);
    expect(stands()).toEqual([50, 9]);
    knob.raise(9, holds);
    expect(knob.value).toBe(58);
  });

  it('stays within its bounds', () => {
    knob.set(2_000, 0);
    expect([knob.value, knob.isLowered]).toEqual([1_000, false]);
    knob.set(1, 0);
    expect(knob.value).toBe(10);
  });
});
