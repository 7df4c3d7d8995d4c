import { event, metaOf, recordOf, type ControlOrigin } from '@paceline/contracts';
import type { OutputRecord } from '@paceline/pipeline';

/** What is wanted of an account, batch or lane; a null value lifts it. */
export interface ControlWish {
  /** account:NAME, batch:ID or lane:ID. */
  readonly entity: string;
  readonly aspect: string;
  readonly value: unknown;
  readonly reason: string;
  readonly by: string;
  /** Whose control it is; a person's own when absent. A person may also lift what a breaker set. */
  readonly origin?: ControlOrigin;
}

/** The record that makes it so; `at` is the wish's instant, UTC microseconds. */
export function controlRecord({ entity, aspect, value, reason, by, origin = 'operator' }: ControlWish, at: number): OutputRecord {
  const natural = origin === 'operator' ? [entity, aspect, at] : [entity, aspect, origin, at];
  const meta = metaOf('ControlSet', { natural, at, correlationId: entity });
  return recordOf(event('ControlSet', { meta, entity, aspect, origin, value: value === null ? null : JSON.stringify(value), reason, by }));
}
