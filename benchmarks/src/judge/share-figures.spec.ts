import { describe, expect, it } from '@jest/globals';
import { perfect, slot } from './evidence.suite.ts';
import { shareFigures } from './share-figures.ts';

const weights = new Map([
  ['a', 5],
  ['b', 3],
  ['c', 1],
]);
const turns = ['a', 'b', 'a', 'a', 'b', 'a', 'c', 'b', 'a'];

describe('shares by weight', () => {
  it('are met by taking turns, and only the first ten seconds count', () => {
    const inTurn = Array.from({ length: 900 }, (_, i) => slot({ at: i * 10_000, batchId: turns[i % 9] ?? '' }));
    const unfairLater = Array.from({ length: 500 }, (_, i) => slot({ at: 10_000_000 + i * 10_000, batchId: 'c' }));
    expect(shareFigures(perfect(100, 15, { slots: [...inTurn, ...unfairLater] }), weights, 10_000_000)[0]).toMatchObject({ pass: true });
  });

  it('are missed by a batch that takes all', () => {
    const slots = Array.from({ length: 900 }, (_, i) => slot({ at: i * 10_000, batchId: 'a' }));
    expect(shareFigures(perfect(100, 15, { slots }), weights, 10_000_000)[0]).toMatchObject({ pass: false });
  });
});
