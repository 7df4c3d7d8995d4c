import { stopping, type ControlLookup } from '../pacing/control-values.ts';
import type { BreakerReading } from './watched-values.ts';

/** How the breaker of an account stands by the controls; open and half-open count alike. */
export function breakerReading(controls: ControlLookup & { isFresh(): boolean }, account: string): BreakerReading {
  if (!controls.isFresh()) return 'unknown';
  const open = stopping(controls, `account:${account}`, 'breaker');
  return open === null ? null : { reason: open.reason };
}
