import { event, metaOf } from '@paceline/contracts';
import type { OutputRecord } from '@paceline/pipeline';

/** What a person wants of an account or batch; a null value lifts it. */
export interface OperatorWish {
  /** account:NAME or batch:ID. */
  readonly entity: string;
  readonly aspect: string;
  readonly value: unknown;
  readonly reason: string;
  readonly by: string;
}

/** The record that makes it so; `at` is the wish's instant, UTC microseconds. */
export function controlRecord({ entity, aspect, value, reason, by }: OperatorWish, at: number): OutputRecord {
  return {
    topic: 'paceline.controls',
    key: `${entity}/${aspect}/operator`,
    event: event('ControlSet', {
      meta: metaOf('ControlSet', { natural: [entity, aspect, at], at, correlationId: entity }),
      entity,
      aspect,
      origin: 'operator',
      value: value === null ? null : JSON.stringify(value),
      reason,
      by,
    }),
  };
}
