import type { Request } from '@paceline/contracts';
import type { Tracing, TraceSpan } from '@paceline/runtime';

type Headers = Readonly<Record<string, string>>;

/** A number from 0 to below 1 that every process computes alike. */
const fractionOf = (requestId: string): number => Number.parseInt(requestId.slice(0, 8), 16) / 0x1_0000_0000;

/**
 * Begins the trace that a row keeps to its outcome. In a traced file each kept row hangs below the file's span; in a
 * file that is not, each kept row begins a trace of its own: either way a row is kept with the configured ratio.
 */
export class RowTracer {
  constructor(
    private readonly tracing: Tracing,
    private readonly file: TraceSpan,
    private readonly ratio: number,
  ) {}

  /** Headers of the row's record: who it is, and its trace when it has one. */
  headersOf({ requestId, batchId, row, api }: Request): Headers {
    const span = this.#begin(requestId);
    span?.set({ 'paceline.request': requestId, 'paceline.batch': batchId, 'paceline.row': row, 'paceline.api': api });
    span?.end();
    return { ...span?.headers, requestId, batchId, attempt: '1' };
  }

  #begin(requestId: string): TraceSpan | null {
    if (this.file.traceId === null) return this.ratio > 0 ? this.tracing.root('admit row') : null;
    return fractionOf(requestId) < this.ratio ? this.tracing.child('admit row', this.file.headers) : null;
  }
}
