import { inspect } from 'node:util';
import { Secret } from './secret.ts';

describe('a secret', () => {
  const secret = new Secret('hush');

  test('is given out by reveal only', () => {
    expect(secret.reveal()).toBe('hush');
  });

  test.each([
    ['JSON', () => JSON.stringify({ secret })],
    ['inspect', () => inspect({ secret }, { showHidden: true, depth: 5 })],
    ['a template', () => `${secret as unknown as string}`],
    ['a sum', () => '' + (secret as unknown as string)],
    ['its entries', () => JSON.stringify(Object.entries(secret))],
  ])('is not shown by %s', (_way, print) => {
    expect(print()).not.toContain('hush');
  });
});
