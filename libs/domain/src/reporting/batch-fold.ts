import type { Event, EventName, EventOf } from '@paceline/contracts';
import { BatchAccount, type BatchTotals } from './batch-account.ts';

type Fold = { readonly [N in EventName]?: (batch: BatchAccount, data: EventOf<N>['data']) => void };

/** Which event says what about its batch; all others say nothing. */
const folds: Fold = {
  BatchAdmitted: (batch, data) => batch.named(data),
  BatchProgressed: (batch, data) => batch.progressed(data),
  BatchRead: (batch, data) => batch.read(data),
  BatchRefused: (batch, data) => batch.fileRefused(data),
  DuplicateFileSeen: (batch, data) => batch.seenAgain(data),
  RowsClosed: (batch, data) => batch.rowsClosed(data),
  RequestAdmitted: (batch, { request }) => batch.rowAdmitted(request.row),
  RequestRefused: (batch, data) => batch.rowRefused(data),
  RequestClosed: (batch, data) => batch.requestClosed(data),
  AttemptStarted: (batch, data) => batch.claimed(data),
  ResponseRecorded: (batch, data) => batch.answered(data),
};

const batchIdOfEvent = (data: Event['data']): string => {
  if ('batchId' in data) return data.batchId;
  return 'request' in data ? data.request.batchId : '';
};

/** Folds the log into the totals of its batches; the live counters and the report are both this fold. */
export class BatchFold {
  readonly #batches = new Map<string, BatchAccount>();

  apply(event: Event): void {
    const fold = folds[event.type] as ((batch: BatchAccount, data: Event['data']) => void) | undefined;
    if (fold === undefined) return;
    fold(this.#batch(batchIdOfEvent(event.data)), event.data);
  }

  /** In the order in which the batches were first heard of. */
  totals(): BatchTotals[] {
    return [...this.#batches.values()].map((batch) => batch.totals());
  }

  get(batchId: string): BatchTotals | undefined {
    return this.#batches.get(batchId)?.totals();
  }

  #batch(batchId: string): BatchAccount {
    let batch = this.#batches.get(batchId);
    if (batch === undefined) this.#batches.set(batchId, (batch = new BatchAccount(batchId)));
    return batch;
  }
}
