import { expect, it } from '@jest/globals';
import { segmentsOf } from './segments.ts';

const cases: [string, string, number][] = [
  ['an empty body is one segment', '', 1],
  ['160 GSM characters fit in one', 'a'.repeat(160), 1],
  ['161 GSM characters take parts of 153', 'a'.repeat(161), 2],
  ['306 = 2 x 153', 'a'.repeat(306), 2],
  ['307 > 2 x 153', 'a'.repeat(307), 3],
  ['an extended character costs two septets', '€'.repeat(80), 1],
  ['81 extended characters are 162 septets', '€'.repeat(81), 2],
  ['an extended character is not split between parts', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 3],
  ['accents of the basic alphabet stay GSM', 'è'.repeat(160), 1],
  ['one character outside GSM makes the whole body UCS-2', `${'a'.repeat(69)}ę`, 1],
  ['71 UCS-2 units take parts of 67', `${'a'.repeat(70)}ę`, 2],
  ['an emoji is two units', '👍'.repeat(35), 1],
  ['36 emoji are 72 units', '👍'.repeat(36), 2],
  ['an emoji is not split between parts: 33 fit in 67 units', '👍'.repeat(67), 3],
];

it.each(cases)('%s', (_rule, body, segments) => {
  expect(segmentsOf(body)).toBe(segments);
});
