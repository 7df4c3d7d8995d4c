import { event, metaOf, type EventOf, type Micros, type ResendRequested, type RowRange } from '@paceline/contracts';
import type { BatchContext } from '../ingest/batch-events.ts';
import type { ResendRefusal } from './resend.decider.ts';
import { resendIdOf, type ResendRun } from './resend-run.ts';
import type { RowSet } from './row-set.ts';

/** Keeps one event far below a broker's message limit whatever rows it lists. */
const rangesPerEvent = 2_000;

export type ResendWish = Omit<ResendRequested, 'meta' | 'resendId'>;

export function resendRequested(wish: ResendWish, at: Micros): EventOf<'ResendRequested'> {
  const resendId = resendIdOf(wish, at);
  const meta = metaOf('ResendRequested', { natural: [wish.batchId, resendId], at, correlationId: wish.batchId });
  return event('ResendRequested', { meta, resendId, ...wish });
}

/** The run as a batch like any other. */
export const batchOfRun = (
  { batchId, resendOf, resendId, file, causedBy }: Pick<ResendRun, 'batchId' | 'resendOf' | 'resendId' | 'file' | 'causedBy'>,
  now: Micros,
): BatchContext => ({
  ...{ batchId, ...file, location: `resend://${resendOf}`, runId: resendId, causedBy, now },
});

/** The rows of a run, in as few events as they fit in. */
export function resendPlanned(run: ResendRun, planned: RowSet, now: Micros): EventOf<'ResendPlanned'>[] {
  const { batchId, resendOf, resendId, generation, file, by, reason, causedBy } = run;
  let firstRow = 1;
  return parts(planned.ranges()).map((ranges) => {
    const meta = metaOf('ResendPlanned', { natural: [batchId, firstRow], at: now, correlationId: batchId, causationId: causedBy });
    const data = { meta, batchId, account: file.account, resendOf, resendId, generation, ranges, firstRow, by, reason };
    firstRow += ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    return event('ResendPlanned', data);
  });
}

/** A resend of which nothing comes. */
export function resendRefused(batch: BatchContext, { code, reason }: ResendRefusal): EventOf<'BatchRefused'> {
  const { batchId, account, source, name, location, causedBy, now } = batch;
  const meta = metaOf('BatchRefused', { natural: [batchId, causedBy ?? ''], at: now, correlationId: batchId, causationId: causedBy });
  return event('BatchRefused', { meta, batchId, account, source, name, location, code, reason, line: null });
}

/** Rows of the run that were cancelled before they became requests, by their numbers in the new batch. */
export function cancelledRows(batch: BatchContext, numbers: RowSet): EventOf<'RowsClosed'>[] {
  const { batchId, account, causedBy, now } = batch;
  return parts(numbers.ranges()).map((ranges) => {
    const natural = [batchId, ranges[0]?.from ?? 0];
    const meta = metaOf('RowsClosed', { natural, at: now, correlationId: batchId, causationId: causedBy });
    return event('RowsClosed', { meta, batchId, account, ranges, outcome: 'cancelled', reason: 'cancelled' });
  });
}

function parts(ranges: readonly RowRange[]): (readonly RowRange[])[] {
  const all: (readonly RowRange[])[] = [];
  for (let at = 0; at < ranges.length; at += rangesPerEvent) all.push(ranges.slice(at, at + rangesPerEvent));
  return all;
}
