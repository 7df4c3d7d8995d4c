import { CliError, exitCodes } from './exit-code.ts';

export interface ValueBounds {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  /** What is to be written, in words: `calls per second, from 0.001 to 2000`. */
  readonly hint: string;
}

const decimal = /^-?\d{1,12}(?:\.\d{1,9})?$/;

/** A plain decimal within its bounds; no exponent, no hexadecimal, no empty text. */
export function controlValue(text: string, { min, max, whole = false, hint }: ValueBounds): number {
  const value = Number(text);
  if (decimal.test(text) && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw new CliError(`${text}: give ${hint}`, exitCodes.usage);
}
