import type { EventOf } from '@paceline/contracts';
import type { CallPlan, Deadline } from '@paceline/domain/sending';

/** A claim, put up for commit or committed: it holds until its deadline, whoever owns the partition by then. */
export interface Claim {
  readonly started: EventOf<'AttemptStarted'>['data'];
  readonly plan: CallPlan;
  readonly deadline: Deadline;
  readonly dueMs: number;
  readonly partition: number;
  /** Headers of the claim's record. */
  readonly headers: Readonly<Record<string, string>>;
  /** Its cell in the table of pending claims. */
  readonly cell: number;
}
