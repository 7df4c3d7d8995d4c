import type { RawRow } from '@paceline/domain/ingest';

/** Whether a value nests deeper than allowed; looks no deeper than that. */
export function isDeeper(value: unknown, maxDepth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (maxDepth === 0) return true;
  return Object.values(value).some((inner) => isDeeper(inner, maxDepth - 1));
}

export function rowOfValue(value: unknown, place: { readonly row: number; readonly line: number }, maxDepth: number): RawRow {
  if (!isDeeper(value, maxDepth)) return { kind: 'object', ...place, value };
  const fault = { code: 'too-deep', column: null, reason: `nests deeper than ${maxDepth} levels` } as const;
  return { kind: 'fault', ...place, fault, uploaded: [] };
}

/** One row from JSON text; text that is no JSON is a bad row of its own. */
export function rowOfJson(text: string, place: { readonly row: number; readonly line: number }, maxDepth: number): RawRow {
  try {
    return rowOfValue(JSON.parse(text), place, maxDepth);
  } catch {
    const fault = { code: 'row-shape', column: null, reason: 'the row is no JSON' } as const;
    return { kind: 'fault', ...place, fault, uploaded: [text.trim()] };
  }
}
