import { charactersOf, mostCallCharacters, shortCells, shortText } from './record-bounds.ts';

const brokerBytes = 1_048_588;

describe('what becomes a record', () => {
  it('fits into one, in the log and as JSON, whatever its characters are', () => {
    const widest = '\u0800'.repeat(mostCallCharacters);
    const escaped = JSON.stringify('\u0001'.repeat(mostCallCharacters));
    expect(Buffer.byteLength(widest)).toBeLessThan(brokerBytes / 2);
    expect(Buffer.byteLength(escaped)).toBeLessThan(brokerBytes / 2);
  });

  it('is left alone when it is short', () => {
    const cells = ['+15005550001', 'Hello', ''];
    expect(shortCells(cells)).toBe(cells);
    expect(shortText('column To is empty')).toBe('column To is empty');
  });

  it.each([
    ['one enormous cell', ['x'.repeat(3_000_000)]],
    ['many long cells', Array.from({ length: 200 }, () => 'x'.repeat(60_000))],
    ['more cells than anyone looks at', Array.from({ length: 400_000 }, () => 'xyz')],
  ])('is cut when it is too long: %s', (_what, cells) => {
    const short = shortCells(cells);
    expect(charactersOf(short)).toBeLessThan(75_000);
    expect(short[0]?.startsWith(cells[0]?.slice(0, 3) ?? '')).toBe(true);
  });
});
