// A figure is a number with its bar. Figures of several accounts or attempts join to the worst of them.

/** How two values of one metric join: the larger, the one further from zero, or their sum. */
export type Joining = 'largest' | 'furthest' | 'sum';

export interface Figure {
  readonly metric: string;
  /** Null: could not be measured. */
  readonly value: number | null;
  readonly unit: string;
  /** As shown, or null where there is nothing to meet. */
  readonly bar: string | null;
  readonly pass: boolean | null;
  readonly joining: Joining;
  /** Holds at any time: a miss in any attempt is a miss, however busy the machine was. */
  readonly always: boolean;
  /** Counts as met only when nothing else took the processors. */
  readonly quietOnly: boolean;
}

export interface Bar {
  readonly text: string;
  readonly holds: (value: number) => boolean;
  readonly always?: boolean;
  readonly quietOnly?: boolean;
}

export interface Measured {
  readonly metric: string;
  readonly value: number | null;
  readonly unit: string;
  readonly joining?: Joining;
}

const noBar: Pick<Figure, 'bar' | 'pass' | 'always' | 'quietOnly'> = { bar: null, pass: null, always: false, quietOnly: false };

function against({ text, holds, always = false, quietOnly = false }: Bar, value: number | null): typeof noBar {
  return { bar: text, pass: value !== null && holds(value), always, quietOnly };
}

/** What could not be measured never meets its bar. */
export function figure({ metric, value, unit, joining = 'largest' }: Measured, bar: Bar | null = null): Figure {
  return { metric, value, unit, joining, ...(bar === null ? noBar : against(bar, value)) };
}

const roundedText = (value: number): string => String(Math.round(value * 100) / 100);

export const atMost = (limit: number, more: Omit<Bar, 'text' | 'holds'> = {}): Bar => ({
  text: `<= ${roundedText(limit)}`,
  holds: (value) => value <= limit,
  ...more,
});
export const below = (limit: number): Bar => ({ text: `< ${roundedText(limit)}`, holds: (value) => value < limit });
export const atLeast = (limit: number): Bar => ({ text: `>= ${roundedText(limit)}`, holds: (value) => value >= limit });
export const within = (limit: number): Bar => ({ text: `within ${roundedText(limit)}`, holds: (value) => Math.abs(value) <= limit });
export const nothing: Bar = { text: '0', holds: (value) => value === 0, always: true };

function joinedValue(a: number | null, b: number | null, joining: Joining): number | null {
  if (a === null || b === null) return joining === 'sum' ? (a ?? b) : null;
  if (joining === 'sum') return a + b;
  if (joining === 'largest') return Math.max(a, b);
  return Math.abs(a) >= Math.abs(b) ? a : b;
}

function joined(a: Figure, b: Figure): Figure {
  const worse = a.pass === false ? a : b.pass === false ? b : a;
  const pass = a.pass === null || b.pass === null ? (a.pass ?? b.pass) : a.pass && b.pass;
  return { ...worse, value: joinedValue(a.value, b.value, a.joining), pass };
}

/** One figure per metric: the worst of all that are given. */
export function worstOf(all: readonly (readonly Figure[])[]): Figure[] {
  const byMetric = new Map<string, Figure>();
  for (const one of all.flat()) {
    const known = byMetric.get(one.metric);
    byMetric.set(one.metric, known === undefined ? one : joined(known, one));
  }
  return [...byMetric.values()];
}

/** Without its bar: published beside the attempt that is judged. */
export const unjudged = (one: Figure): Figure => ({ ...one, bar: null, pass: null });
