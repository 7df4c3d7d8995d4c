import fc from 'fast-check';
import { countSegments } from './segments.ts';

const gsmText = fc.string({ unit: fc.constantFrom(...'abcXYZ 09@£é\n€[]{}^~|\\'.split('')), maxLength: 1000 });

describe('countSegments', () => {
  it.each([
    ['an empty text is one segment', '', 'gsm7', 1],
    ['160 plain characters fit one', 'a'.repeat(160), 'gsm7', 1],
    ['161 are split into 153 each', 'a'.repeat(161), 'gsm7', 2],
    ['306 are two', 'a'.repeat(306), 'gsm7', 2],
    ['307 are three', 'a'.repeat(307), 'gsm7', 3],
    ['the euro sign takes two places', '€'.repeat(80), 'gsm7', 1],
    ['81 euro signs do not fit one', '€'.repeat(81), 'gsm7', 2],
    ['a two-place character is never cut: 76 per segment', '€'.repeat(153), 'gsm7', 3],
    ['one character outside the alphabet makes all UCS-2', `${'a'.repeat(69)}ł`, 'ucs2', 1],
    ['71 of them are two segments of 67', `${'a'.repeat(70)}ł`, 'ucs2', 2],
    ['a typographic apostrophe is not in the alphabet', 'Don’t', 'ucs2', 1],
    ['a plain apostrophe is', "Don't", 'gsm7', 1],
    ['an emoji takes two units', '😀'.repeat(35), 'ucs2', 1],
    ['a pair of surrogates is never cut: 33 per segment', '😀'.repeat(67), 'ucs2', 3],
    ['capital ç is in the alphabet, small ç is not', 'Çç', 'ucs2', 1],
  ])('%s', (...[, text, encoding, segments]) => {
    expect(countSegments(text)).toMatchObject({ encoding, segments });
  });

  it('knows the 127 printable characters and the 10 extensions of GSM 03.38', () => {
    const all = Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code));
    const widths = all.map((character) => countSegments(character)).filter(({ encoding }) => encoding === 'gsm7');
    expect(widths.filter(({ units }) => units === 1)).toHaveLength(127);
    expect(widths.filter(({ units }) => units === 2)).toHaveLength(10);
  });

  it('never holds more than a segment can, and never wastes more than one place per segment', () => {
    fc.assert(
      fc.property(gsmText, (text) => {
        const { segments, units } = countSegments(text);
        if (units <= 160) return segments === 1;
        return segments * 153 >= units && (segments - 1) * 152 < units;
      }),
    );
  });

  it('never costs less when text is added', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.string({ maxLength: 50 }),
        (text, more) => countSegments(text + more).segments >= countSegments(text).segments,
      ),
    );
  });
});
