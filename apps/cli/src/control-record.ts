import { recordOf, type ControlOrigin } from '@paceline/contracts';
import { controlSet } from '@paceline/domain/controls';
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
export const controlRecord = ({ value, origin = 'operator', ...wish }: ControlWish, at: number): OutputRecord =>
  recordOf(controlSet({ ...wish, origin, value: value === null ? null : JSON.stringify(value) }, at));
