/**
 * What a text costs in message segments: GSM 03.38 (160 septets, 153 each when split) when every character is in its
 * alphabet, else UCS-2 (70 units, 67 each when split). A character that takes two places is never cut in two.
 */
export interface SegmentCount {
  readonly encoding: 'gsm7' | 'ucs2';
  readonly segments: number;
  /** Septets or UTF-16 units. */
  readonly units: number;
}

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extension = '\f^{}\\[~]|€';

/** Septets per UTF-16 unit; 0 = not in the alphabet. */
const septets = new Uint8Array(65_536);
for (const character of basic) septets[character.charCodeAt(0)] = 1;
for (const character of extension) septets[character.charCodeAt(0)] = 2;

interface Packing {
  readonly single: number;
  readonly split: number;
  widthAt(text: string, index: number): number;
}

const gsm7: Packing = { single: 160, split: 153, widthAt: (text, index) => septets[text.charCodeAt(index)] ?? 0 };
const ucs2: Packing = { single: 70, split: 67, widthAt: (text, index) => (isPair(text, index) ? 2 : 1) };

const isPair = (text: string, index: number): boolean => (text.codePointAt(index) ?? 0) > 0xffff;

export function countSegments(text: string): SegmentCount {
  const units = gsmUnits(text);
  if (units !== null) return { encoding: 'gsm7', units, segments: units <= gsm7.single ? 1 : packed(text, gsm7) };
  return { encoding: 'ucs2', units: text.length, segments: text.length <= ucs2.single ? 1 : packed(text, ucs2) };
}

/** Septets of the text, or null when a character is outside the alphabet. */
function gsmUnits(text: string): number | null {
  let units = 0;
  for (let index = 0; index < text.length; index++) {
    const width = septets[text.charCodeAt(index)] ?? 0;
    if (width === 0) return null;
    units += width;
  }
  return units;
}

function packed(text: string, packing: Packing): number {
  let segments = 1;
  let used = 0;
  for (let index = 0; index < text.length;) {
    const width = packing.widthAt(text, index);
    if (used + width > packing.split) {
      segments += 1;
      used = 0;
    }
    used += width;
    index += packing === ucs2 ? width : 1;
  }
  return segments;
}
