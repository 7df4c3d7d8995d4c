import { stopsOf, type FreshControls } from '../controls/index.ts';
import type { BreakerReading } from './watched-values.ts';

/** How the breaker of an account stands by the controls; open and half-open count alike. */
export function breakerReading(controls: FreshControls, account: string): BreakerReading {
  if (!controls.isFresh()) return 'unknown';
  const open = stopsOf(controls.inForce, `account:${account}`).find(({ aspect }) => aspect === 'breaker');
  return open === undefined ? null : { reason: open.reason };
}
