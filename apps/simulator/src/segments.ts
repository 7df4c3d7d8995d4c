// How many SMS segments a text costs. Written apart from the product's own count: the judge must not share the judged code.
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENDED = '\f^{}\\[~]|€';

/** Septets by UTF-16 code unit; 0 = not in the GSM 7-bit alphabet. */
const septets = new Uint8Array(0x10000);
for (const character of BASIC) septets[character.charCodeAt(0)] = 1;
for (const character of EXTENDED) septets[character.charCodeAt(0)] = 2;

/** Segments of a body: 160 or 153 septets each in GSM-7, 70 or 67 code units in UCS-2; no character is ever split. */
export function segmentsOf(body: string): number {
  const costs = gsmCosts(body);
  return costs === null ? pack(unicodeCosts(body), { single: 70, part: 67 }) : pack(costs, { single: 160, part: 153 });
}

function gsmCosts(body: string): number[] | null {
  const costs: number[] = [];
  for (let at = 0; at < body.length; at += 1) {
    const cost = septets[body.charCodeAt(at)] ?? 0;
    if (cost === 0) return null;
    costs.push(cost);
  }
  return costs;
}

const unicodeCosts = (body: string): number[] => Array.from(body, (character) => character.length);

function pack(costs: readonly number[], size: { single: number; part: number }): number {
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  if (total <= size.single) return 1;
  let segments = 1;
  let used = 0;
  for (const cost of costs) {
    if (used + cost > size.part) {
      segments += 1;
      used = 0;
    }
    used += cost;
  }
  return segments;
}
