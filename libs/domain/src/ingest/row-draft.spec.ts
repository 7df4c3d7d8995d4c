import { ColumnTargets } from './column-plan.ts';
import { columnsOf, draftRow } from './row-draft.ts';

const targets = new ColumnTargets({ columns: { To: 'phone' }, defaults: {} });
const draft = (value: unknown, columns: readonly string[] = []) =>
  draftRow({ kind: 'object', row: 1, line: 1, value }, { targets, plan: null, columns });

describe('a JSON row', () => {
  it('maps names like a header does; numbers and booleans become text, null is absent', () => {
    const drafted = draft({ phone: '+15005550001', body: 'x', ValidityPeriod: 60, SmartEncoded: true, From: null });
    expect(drafted).toMatchObject({
      draft: {
        to: '+15005550001',
        params: [
          { name: 'Body', value: 'x' },
          { name: 'ValidityPeriod', value: '60' },
          { name: 'SmartEncoded', value: 'true' },
        ],
      },
    });
  });

  it('gives a list parameter its values one by one, and any other an object as JSON text', () => {
    const drafted = draft({ MediaUrl: ['https://a', 'https://b'], ContentVariables: { 1: 'x' } });
    expect(drafted).toMatchObject({
      draft: {
        params: [
          { name: 'MediaUrl', value: 'https://a' },
          { name: 'MediaUrl', value: 'https://b' },
          { name: 'ContentVariables', value: '{"1":"x"}' },
        ],
      },
    });
  });

  it.each([[[1, 2]], ['text'], [7], [null]])('%j is no row', (value) => {
    expect(draft(value)).toMatchObject({ fault: { code: 'not-an-object' } });
  });

  it('that names a parameter twice is refused', () => {
    expect(draft({ Body: 'a', body: 'b' })).toMatchObject({ fault: { code: 'row-shape', column: 'body' } });
  });

  it('keeps harmless names that mean something to JavaScript', () => {
    expect(draft(JSON.parse('{"__proto__": "x", "constructor": "y"}'))).toMatchObject({ draft: { aside: ['__proto__', 'constructor'] } });
  });

  it('is reported back in the order of the columns', () => {
    const rows = [
      { kind: 'object', row: 1, line: 1, value: { a: 1, b: 2 } } as const,
      { kind: 'object', row: 2, line: 2, value: { c: 3, a: 4 } } as const,
    ];
    expect(columnsOf(rows)).toEqual(['a', 'b', 'c']);
    expect(draft({ c: 3, a: { x: 1 } }, ['a', 'b', 'c'])).toMatchObject({ draft: { uploaded: ['{"x":1}', '', '3'] } });
  });

  it('takes no more column names than fit into a record', () => {
    const value = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${n}-${'x'.repeat(1_000)}`, 1]));
    const named = columnsOf([{ kind: 'object', row: 1, line: 1, value }]);
    expect(named.length).toBe(32);
    expect(named).toEqual(Object.keys(value).slice(0, 32));
  });
});
