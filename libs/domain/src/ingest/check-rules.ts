import type { RefusalCode } from '@paceline/contracts';
import type { RowFault } from './raw-row.ts';

/** What the rules of an API look at. */
export interface CheckedRow {
  readonly to: string;
  /** First value of a parameter; '' when there is none. */
  get(name: string): string;
  all(name: string): readonly string[];
}

/** One rule: null when the row keeps it. */
export type RowCheck = (row: CheckedRow) => RowFault | null;

export const fault = (code: RefusalCode, column: string | null, reason: string): RowFault => ({ code, column, reason });

export const needsTo: RowCheck = (row) => (row.to === '' ? fault('missing-to', 'To', 'To is empty') : null);

export const needs =
  (name: string): RowCheck =>
  (row) =>
    row.get(name) === '' ? fault('missing-parameter', name, `${name} is required`) : null;

/** A parameter that may be absent, but not wrong. */
export const whenGiven =
  (name: string, isRight: (value: string) => boolean, reason: string): RowCheck =>
  (row) =>
    row.all(name).every(isRight) ? null : fault('invalid-parameter', name, `${name}: ${reason}`);

/** A parameter that makes sense only beside another. */
export const only =
  (name: string, beside: string): RowCheck =>
  (row) =>
    row.get(name) !== '' && row.get(beside) === '' ? fault('missing-parameter', beside, `${name} needs ${beside}`) : null;

export const oneOf =
  (...values: readonly string[]): ((value: string) => boolean) =>
  (value) =>
    values.includes(value.toLowerCase());

export const isBoolean = oneOf('true', 'false');

export const isWhole =
  (from: number, to: number): ((value: string) => boolean) =>
  (value) =>
    /^\d{1,9}$/.test(value) && Number(value) >= from && Number(value) <= to;

export function isJsonObject(value: string): boolean {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}
