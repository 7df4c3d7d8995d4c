import fc from 'fast-check';
import { FileRefused } from './file-refused.ts';
import { JsonRows } from './json-rows.ts';
import { NdjsonRows } from './ndjson-rows.ts';
import type { RowSplitter } from './row-splitter.ts';

function read(splitter: RowSplitter, text: string, size: number) {
  const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) => text.slice(n * size, (n + 1) * size));
  const rows = [...pieces.map((piece) => splitter.push(piece)), splitter.end()].flatMap((part) => part.rows);
  return {
    values: rows.map((row) => (row.kind === 'object' ? row.value : row.kind === 'fault' ? row.fault.code : null)),
    lines: rows.map(({ line }) => line),
  };
}

const json = (text: string, size = 1000) => read(new JsonRows(500, 3), text, size);
const ndjson = (text: string, size = 1000) => read(new NdjsonRows(500, 3), text, size);
const refusalOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error instanceof FileRefused ? error.fault : error;
  }
  return null;
};

describe('JSON rows', () => {
  it.each([
    ['a list of messages', '{"messages": [{"To": "1"}, {"To": "2"}]}', [{ To: '1' }, { To: '2' }]],
    ['a bare array', '[{"a":1},\n{"b":[1,2]}]', [{ a: 1 }, { b: [1, 2] }]],
    ['members before and after', '{"name": "x", "n": [1, {"messages": []}], "messages": [{}], "z": null}', [{}]],
    ['brackets, commas and quotes in texts', '[{"a":"]},{\\"[\\\\"},{"b":"\\u007b"}]', [{ a: ']},{"[\\' }, { b: '{' }]],
    ['an empty list', '{"messages": []}', []],
    ['values that are no objects are rows too', '[1, "x", null]', [1, 'x', null]],
    ['a row that nests too deeply', '[{"a":{"b":{"c":{}}}}, {"a":1}]', ['too-deep', { a: 1 }]],
  ])('%s, however the text is cut', (_what, text, rows) => {
    for (const size of [1, 2, 3, 1000]) expect(json(text, size).values).toEqual(rows);
  });

  it('names the line where a row starts', () => {
    expect(json('{\n"messages": [\n\n  {"a":\n 1},\r\n {"b": 2}\n]}', 1).lines).toEqual([4, 6]);
  });

  it.each([
    ['a broken row', '[{"a":1},\n{"a":}]', { code: 'broken-json', line: 2 }],
    ['a comma too many', '[{"a":1},]', { code: 'broken-json', line: 1 }],
    ['a comma too few', '[{"a":1}\n{"a":2}]', { code: 'broken-json', line: 1 }],
    ['a cut file', '{"messages": [{"a":1}', { code: 'broken-json' }],
    ['text after the end', '[1]\n[2]', { code: 'broken-json', line: 2 }],
    ['single quotes', "[{'a': 1}]", { code: 'broken-json', line: 1 }],
    ['an object without messages', '{"rows": []}', { code: 'unknown-format' }],
    ['messages that are no list', '{"messages": {"a": 1}}', { code: 'unknown-format' }],
    ['two lists of messages', '{"messages": [], "messages": []}', { code: 'broken-json' }],
    ['a row without end', `[{"a":"${'x'.repeat(600)}`, { code: 'broken-json' }],
    ['nothing', ' \n ', { code: 'empty-file' }],
  ])('%s refuses the rest', (_what, text, fault) => {
    for (const size of [1, 5, 1000]) expect(refusalOf(() => json(text, size))).toMatchObject(fault);
  });

  it('reads every array that JSON.stringify writes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 6 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (values, wrapped, size) => {
          const text = JSON.stringify(wrapped ? { x: values, messages: values } : values, null, size % 3);
          fc.pre(text.length < 400);
          expect(json(text, size).values).toEqual(JSON.parse(JSON.stringify(values)));
        },
      ),
    );
  });
});

describe('NDJSON rows', () => {
  it('are one per line; blank lines are none; line ends of either kind', () => {
    for (const size of [1, 4, 1000]) {
      const { values, lines } = ndjson('{"a":1}\r\n\n{"b":"x\\n"}\n  \n{"c":3}', size);
      expect(values).toEqual([{ a: 1 }, { b: 'x\n' }, { c: 3 }]);
      expect(lines).toEqual([1, 3, 5]);
    }
  });

  it('a line that is no JSON is one bad row', () => {
    expect(ndjson('{"a":1}\n{oops\n{"b":2}').values).toEqual([{ a: 1 }, 'row-shape', { b: 2 }]);
  });

  it('a line without end refuses the rest', () => {
    expect(refusalOf(() => ndjson(`{"a":1}\n"${'x'.repeat(600)}`, 50))).toMatchObject({ code: 'unknown-format', line: 2 });
  });
});
