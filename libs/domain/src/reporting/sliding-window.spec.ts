import fc from 'fast-check';
import { worstWindow } from './sliding-window.ts';

test('a window contains its beginning, not its end', () => {
  expect(worstWindow([0, 1_000_000], 1_000_000)).toBe(1);
  expect(worstWindow([0, 999_999], 1_000_000)).toBe(2);
});

test('a burst across a full second is seen', () => {
  expect(worstWindow([900_000, 950_000, 1_000_000, 1_050_000], 1_000_000)).toBe(4);
});

test('no instants make no window', () => {
  expect(worstWindow([], 1_000_000)).toBe(0);
});

test('it is the most over all windows that begin at an instant', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5_000), { maxLength: 60 }), fc.integer({ min: 1, max: 2_000 }), (instants, window) => {
      const counts = instants.map((from) => instants.filter((at) => at >= from && at < from + window).length);
      expect(worstWindow(instants, window)).toBe(Math.max(0, ...counts));
    }),
  );
});
