import type { RowApi } from './parameters.ts';
import { zonesByPrefix } from './generated/zones-by-prefix.ts';

const zones: ReadonlyMap<string, string> = new Map(
  Object.entries(zonesByPrefix).flatMap(([zone, prefixes]) => prefixes.split(' ').map((prefix) => [prefix, zone] as const)),
);
const longest = Math.max(...[...zones.keys()].map(({ length }) => length));

/** A phone number, alone or behind the prefix of its channel. */
const phone = /^(?:[a-z]+:)?\+(\d{7,15})$/i;

/**
 * The time zone of whoever has this address: that of the number's country, or of its area where the country has several.
 * Null when the prefix does not tell one zone for certain, and for an address without a number: nobody is called on a guess.
 */
export function zoneOfAddress(address: string): string | null {
  const digits = phone.exec(address)?.[1];
  if (digits === undefined) return null;
  for (let length = longest; length > 0; length--) {
    const zone = zones.get(digits.slice(0, length));
    if (zone !== undefined) return zone;
  }
  return null;
}

/** The APIs that reach a person, so that quiet hours can apply. */
export const isQuietable = (api: RowApi): boolean => api === 'messages' || api === 'calls';
