import { event, metaOf, type EventOf, type Micros } from '@paceline/contracts';
import type { AlertRule } from './alert-rules.ts';
import type { WatchedValue } from './watched-values.ts';

/** An alert that was raised or cleared, as it was when it changed. */
export interface AlertChange extends Omit<WatchedValue, 'value'> {
  readonly status: 'raised' | 'cleared';
  readonly value: number;
  readonly threshold: number;
  /** From when on the value was above the threshold. */
  readonly since: Micros;
  readonly raisedAt: Micros;
  readonly at: Micros;
}

export const alertKey = ({ alert, scope }: Pick<WatchedValue, 'alert' | 'scope'>): string => `${alert}/${scope}`;

export const thresholdOf = (rule: AlertRule, status: 'raised' | 'cleared'): number =>
  status === 'raised' ? rule.raiseAbove : rule.clearAtMost;

/** One alert has one AlertRaised and one AlertCleared; each is the same fact however often it is decided. */
export function alertEvent(change: AlertChange): EventOf<'AlertRaised' | 'AlertCleared'> {
  const { alert, scope, account, value, threshold, since, raisedAt, at, text } = change;
  const natural = [alert, scope, raisedAt];
  const correlationId = account ?? scope;
  const rest = { alert, scope, account, value, threshold, since, text };
  const raised = metaOf('AlertRaised', { natural, at, correlationId });
  if (change.status === 'raised') return event('AlertRaised', { meta: raised, ...rest });
  return event('AlertCleared', { meta: metaOf('AlertCleared', { natural, at, correlationId, causationId: raised.eventId }), ...rest });
}
