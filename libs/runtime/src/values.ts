import { z } from 'zod';
import { Secret } from './secret.ts';

/** A secret of the environment; printing it shows `[secret]`. For app configs too. */
export const secretValue = z.string().transform((value) => new Secret(value));

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** `500ms`, `40s`, `5m`, `1h`, `7d` as milliseconds; undefined when it is none of these. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text.trim());
  if (match === null) return undefined;
  return Number(match[1]) * (UNITS[match[2] ?? ''] ?? Number.NaN);
}

const showDuration = (ms: number): string => {
  const unit = Object.entries(UNITS).findLast(([, size]) => ms >= size && ms % size === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
};

/** A duration with its bounds, written with a unit and read as milliseconds. */
export function duration(bounds: { readonly min: string; readonly max: string }) {
  const min = parseDuration(bounds.min) ?? 0;
  const max = parseDuration(bounds.max) ?? 0;
  const hint = `give a duration with its unit (500ms, 40s, 5m, 1h), from ${showDuration(min)} to ${showDuration(max)}`;
  return z.string(hint).transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= min && ms <= max) return ms;
    context.addIssue({ code: 'custom', message: hint });
    return z.NEVER;
  });
}
