import type { Micros } from '@paceline/contracts';

/** How many of something happened in a stretch of time, by its beginning; JSON is `[[from, count], ...]`. */
export type SlotCounts = readonly (readonly [from: Micros, count: number])[];

/** Adds to the slot of that instant; records may come out of order. */
export function counted(slots: SlotCounts, at: Micros, { count, slotMicros }: { count: number; slotMicros: number }): SlotCounts {
  const from = at - (at % slotMicros);
  const known = slots.find(([begin]) => begin === from);
  if (known === undefined) return [...slots, [from, count] as const].toSorted(([a], [b]) => a - b);
  return slots.map((slot) => (slot === known ? ([from, slot[1] + count] as const) : slot));
}

/** Slots that begin at or after that instant. */
export const notBefore = (slots: SlotCounts, instant: Micros): SlotCounts => {
  const [first] = slots;
  return first === undefined || first[0] >= instant ? slots : slots.filter(([from]) => from >= instant);
};

export const sumOf = (slots: SlotCounts): number => slots.reduce((sum, [, count]) => sum + count, 0);
