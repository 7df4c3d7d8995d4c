import type { ControlOrigin } from '@paceline/contracts';

/** What the pacer sees of a record of the controls table. */
export interface ControlRecord {
  /** JSON; null = lifted. */
  readonly value: string | null;
  readonly reason?: string;
  readonly by?: string;
}

/** The controls table as far as the pacer asks it: key = entity/aspect/origin. */
export interface ControlLookup {
  get(key: string): ControlRecord | undefined;
  entries(): Iterable<readonly [string, unknown]>;
}

/** A control in force. */
export interface InForce {
  readonly origin: ControlOrigin;
  /** Parsed; a value that is no JSON counts as its text. */
  readonly value: unknown;
  readonly by: string;
  readonly reason: string;
}

const origins: readonly ControlOrigin[] = ['operator', 'breaker', 'adaptive'];

export function inForce(lookup: ControlLookup, entity: string, aspect: string): InForce[] {
  const found: InForce[] = [];
  for (const origin of origins) {
    const record = lookup.get(`${entity}/${aspect}/${origin}`);
    if (record === undefined || record.value === null) continue;
    found.push({ origin, value: parsed(record.value), by: record.by ?? origin, reason: record.reason ?? '' });
  }
  return found;
}

/** Anything but a clear no counts as yes: a stop must never be missed. */
export const isYes = ({ value }: InForce): boolean => value !== null && value !== false && value !== 'closed';

/** The first control that says yes. */
export const stopping = (lookup: ControlLookup, entity: string, aspect: string): InForce | null =>
  inForce(lookup, entity, aspect).find(isYes) ?? null;

/** The operator's number stands in for the configured one, the other origins can only lower it; what is absurd is not heard. */
export function lowered(controls: readonly InForce[], configured: number, isSound: (value: unknown) => value is number): number {
  let number = configured;
  for (const { origin, value } of controls) {
    if (isSound(value)) number = origin === 'operator' ? value : Math.min(number, value);
  }
  return number;
}

export const numberBetween =
  (least: number, most: number) =>
  (value: unknown): value is number =>
    typeof value === 'number' && value >= least && value <= most;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
