import { describe, expect, it } from '@jest/globals';
import { shown, textTable } from './text-table.ts';
import { verdict, type ResultLine } from './result-line.ts';

const line = (pass: boolean | null): ResultLine => ({
  bench: 'pacing',
  case: 'c',
  metric: 'm',
  value: 1,
  unit: 'ms',
  bar: null,
  pass,
  commit: '',
  node: '',
  versions: {},
  otherCpu: 0,
  at: '',
});

describe('the report', () => {
  it('pads columns and sets numbers to the right', () => {
    expect(
      textTable(
        ['name', 'n'],
        [
          ['a', '1'],
          ['bcdef', '22'],
        ],
      ),
    ).toBe(['| name  |   n |', '| ----- | --: |', '| a     |   1 |', '| bcdef |  22 |'].join('\n'));
  });

  it('shows what matters of a number', () => {
    expect([0, 12, 0.12345, -1.0001, 123.456, 20.0, null].map(shown)).toEqual(['0', '12', '0.123', '-1', '123.5', '20', '-']);
  });

  it('counts bars and nothing else', () => {
    expect(verdict([line(true), line(null), line(false), line(true)])).toEqual({ text: '2 bars met, 1 missed', missed: 1 });
  });
});
