import type { ControlOrigin } from '@paceline/contracts';

/** The controls table as far as the pacer asks it: key = entity/aspect/origin. */
export interface ControlLookup {
  get(key: string): { readonly value: string | null } | undefined;
  entries(): Iterable<readonly [string, unknown]>;
}

const highestRate = 100_000;

const origins: readonly ControlOrigin[] = ['operator', 'breaker', 'adaptive'];

/** Values in force, parsed; a value that is no JSON counts as its text. */
function valuesOf(lookup: ControlLookup, entity: string, aspect: string): { origin: ControlOrigin; value: unknown }[] {
  const found: { origin: ControlOrigin; value: unknown }[] = [];
  for (const origin of origins) {
    const text = lookup.get(`${entity}/${aspect}/${origin}`)?.value ?? null;
    if (text !== null) found.push({ origin, value: parsed(text) });
  }
  return found;
}

/** Anything but a clear no counts as yes: a stop must never be missed. */
const isOn = (lookup: ControlLookup, entity: string, aspect: string): boolean =>
  valuesOf(lookup, entity, aspect).some(({ value }) => value !== null && value !== false && value !== 'closed');

export const isAccountStopped = (lookup: ControlLookup, account: string): boolean =>
  isOn(lookup, `account:${account}`, 'paused') || isOn(lookup, `account:${account}`, 'breaker');

export const isBatchPaused = (lookup: ControlLookup, batchId: string): boolean => isOn(lookup, `batch:${batchId}`, 'paused');

export const isBatchCancelled = (lookup: ControlLookup, batchId: string): boolean => isOn(lookup, `batch:${batchId}`, 'cancelled');

/** The operator's rate stands in for the configured one; the other origins can only lower it. 0 = nothing is granted. */
export function accountRate(lookup: ControlLookup, account: string, configured: number): number {
  let rate = configured;
  for (const { origin, value } of valuesOf(lookup, `account:${account}`, 'rate')) {
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    rate = origin === 'operator' ? value : Math.min(rate, value);
  }
  return Math.min(Math.max(0, rate), highestRate);
}

/** Share of a batch among batches of equal priority. */
export function batchWeight(lookup: ControlLookup, batchId: string): number {
  const weights = valuesOf(lookup, `batch:${batchId}`, 'weight').map(({ value }) => value);
  const weight = weights.find((value) => typeof value === 'number' && value > 0);
  return typeof weight === 'number' ? weight : 1;
}

/** The batch a control is about, or null. */
export const batchOfControl = (key: string): string | null => /^batch:([^/]+)\//.exec(key)?.[1] ?? null;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
