import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { csvLine } from './csv-writing.ts';
import { CsvRows, delimiterOf } from './csv-rows.ts';
import { FileRefused } from './file-refused.ts';

const maxRecordChars = 10_000;

/** Reads a text cut into pieces of `size` characters. */
function read(text: string, size = 1_000_000, limit = maxRecordChars) {
  const splitter = new CsvRows(limit);
  const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) => text.slice(n * size, (n + 1) * size));
  const split = [...pieces.map((piece) => splitter.push(piece)), splitter.end()];
  const rows = split.flatMap((part) => part.rows);
  return {
    header: split.find((part) => part.header !== undefined)?.header,
    fields: rows.map((row) => (row.kind === 'fields' ? row.fields : row.kind)),
    lines: rows.map((row) => row.line),
    rows: rows.map((row) => row.row),
  };
}

const refusalOf = (text: string, limit = maxRecordChars): unknown => {
  try {
    read(text, 7, limit);
  } catch (error) {
    return error instanceof FileRefused ? error.fault : error;
  }
  return null;
};

describe('CSV rows', () => {
  it.each([
    ['a comma in quotes', 'a,b\n"x,y",z', [['x,y', 'z']]],
    ['doubled quotes', 'a,b\n"He said ""hi""",z', [['He said "hi"', 'z']]],
    ['an empty quoted field', 'a,b\n"",z', [['', 'z']]],
    ['a field of one quote', 'a,b\n"""",z', [['"', 'z']]],
    ['an apostrophe and a backslash', "a,b\nDon't,c:\\d", [["Don't", 'c:\\d']]],
    ['a newline in quotes', 'a,b\n"x\ny",z\n', [['x\ny', 'z']]],
    ['a CR LF in quotes stays', 'a,b\r\n"x\r\ny",z\r\n', [['x\r\ny', 'z']]],
    [
      'CR LF line ends',
      'a,b\r\n1,2\r\n3,4\r\n',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      'CR line ends',
      'a,b\r1,2\r3,4',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['no line end at the end', 'a,b\n1,2', [['1', '2']]],
    ['a line end at the end is no row', 'a,b\n1,2\n', [['1', '2']]],
    ['blank lines are no rows', 'a,b\n\n1,2\n\n\n', [['1', '2']]],
    ['a last empty field', 'a,b\n1,', [['1', '']]],
    ['semicolons', 'a;b\n"1;2";3', [['1;2', '3']]],
    ['tabs', 'a\tb\n1,5\t2', [['1,5', '2']]],
    ['the line spreadsheets write', 'sep=;\na;b\n1;2', [['1', '2']]],
    ['fields without text are a row', 'a,b\n,', [['', '']]],
    ['spaces belong to the field', 'a,b\n 1 ,2', [[' 1 ', '2']]],
    ['one column', 'a\n1\n2', [['1'], ['2']]],
    ['emoji', 'a,b\n😀,é', [['😀', 'é']]],
  ])('%s, however the text is cut', (_what, text, rows) => {
    for (const size of [1, 2, 3, 5, 1000]) expect(read(text, size).fields).toEqual(rows);
  });

  it('names the line where a row starts, quoted line ends counted once', () => {
    const { lines, rows } = read('a,b\r\n"x\r\ny",1\r\n\r\nz,2\r\n"\n\n",3\nq,4\n', 1);
    expect(lines).toEqual([2, 5, 6, 9]);
    expect(rows).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['a lone quote inside a field', 'a,b\n1,2\n5" tv,x\n3,4\n', [['1', '2'], 'fault', ['3', '4']]],
    ['text after a closing quote', 'a,b\n"abc"def,1\n3,4\n"q",5\n', ['fault', ['3', '4'], ['q', '5']]],
    ['quotes that are not doubled', 'a,b\n"He said "hi, you" to me",1\n3,4\n', ['fault', ['3', '4']]],
  ])('%s makes one bad row and swallows none', (_what, text, rows) => {
    for (const size of [1, 4, 1000]) expect(read(text, size).fields).toEqual(rows);
  });

  it('too many or too few fields are handed on as they are: whoever knows the header refuses the row', () => {
    expect(read('a,b\n1\n1,2,3\n4,5').fields).toEqual([['1'], ['1', '2', '3'], ['4', '5']]);
  });

  it.each([
    ['an unclosed quote', 'a,b\n1,2\n3,"4\n5,6\n', { code: 'broken-quotes', line: 3 }],
    ['an unclosed quote in the header', '"a,b\n1,2', { code: 'broken-quotes', line: 1 }],
    ['blank lines only', '\n\r\n  \n', { code: 'empty-file', line: 1 }],
  ])('%s refuses the rest, with the line', (_what, text, fault) => {
    expect(refusalOf(text)).toMatchObject(fault);
  });

  it('an unclosed quote is noticed after a bounded length, not at the end of the file', () => {
    expect(refusalOf(`a,b\n1,"${'x,y\n'.repeat(100)}`, 200)).toMatchObject({ code: 'broken-quotes', line: 2 });
    expect(refusalOf(`a,b\n${'x'.repeat(500)}`, 200)).toMatchObject({ code: 'unknown-format', line: 2 });
  });

  it('reads what a CSV writer wrote, cut anywhere, and agrees with another parser', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', ';', 'é', '😀'), maxLength: 6 });
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 9 }), (rows, size) => {
        const text = csvLine(['x', 'y', 'z']) + rows.map(csvLine).join('');
        expect(read(text, size).fields).toEqual(rows);
        const other: string[][] = parse(text, { record_delimiter: '\r\n' });
        expect(read(text, size).fields).toEqual(other.slice(1));
      }),
      { numRuns: 300 },
    );
  });

  it('never loses or invents a row of text without quotes', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '\n', '\r\n', ' '), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 7 }), (body, size) => {
        const lines = body.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
        expect(read(`h,i\n${body}`, size).fields).toEqual(lines.map((line) => line.split(',')));
      }),
    );
  });
});

describe('delimiterOf', () => {
  it.each([
    ['To,From,Body', ','],
    ['To;From;Body, or text', ';'],
    ['To\tFrom', '\t'],
    ['To|From', '|'],
    ['To', ','],
    ['"a;b;c",d', ','],
  ])('%j -> %j', (header, delimiter) => {
    expect(delimiterOf(header)).toBe(delimiter);
  });
});
