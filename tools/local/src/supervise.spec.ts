import { expect, it } from '@jest/globals';
import { backoffMs } from './supervise.ts';

it('waits twice as long after each death in a row, up to 15 s', () => {
  expect([0, 1, 2, 3, 4, 5, 50].map(backoffMs)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
});
