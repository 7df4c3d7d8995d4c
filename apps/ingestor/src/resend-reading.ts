import { requestIdOf, type Event, type EventOf, type Request, type TopicName } from '@paceline/contracts';
import { isBatchCancelled } from '@paceline/domain/controls';
import {
  batchProgressed,
  batchRead,
  ContactHash,
  requestAdmitted,
  requestRefused,
  Tally,
  type BatchContext,
  type Chunk,
  type RowFault,
} from '@paceline/domain/ingest';
import {
  batchOfRun,
  blockOf,
  cancelledRows,
  changesOf,
  encodeRun,
  latestRequestOf,
  readmitRow,
  RowSet,
  runKeyOf,
  type Generation,
  type ReadmissionContext,
  type ResendChange,
  type ResendRun,
  type RowsOfRun,
} from '@paceline/domain/resend';
import type { OffsetMark, Opening, OutputRecord } from '@paceline/pipeline';
import { batchOutput, rowOutputs } from './chunk-outputs.ts';
import type { ResendDeps } from './resend-ports.ts';
import { RowTracer } from './row-tracer.ts';

export interface ResendJob {
  readonly rows: RowsOfRun;
  /** Resends of the same batch planned before this one, oldest first. */
  readonly earlier: readonly Generation[];
  /** Committed together with the end of the run. */
  readonly offset: OffsetMark;
  /** The opening ended or the service stops. */
  readonly until: AbortSignal;
}

/** A row of the original with the content that it was called with. */
interface FoundRow {
  readonly row: number;
  readonly request: Request;
}

/** Where the content of a row may still be, the longest kept first. */
const contentTopics: readonly (readonly TopicName[])[] = [['paceline.requests'], ['paceline.attempts', 'paceline.slots']];

const gone: RowFault = { code: 'content-gone', column: null, reason: 'the log no longer holds what this row sent: submit it anew' };

/**
 * Makes requests of the rows of a planned run, a transaction per chunk: {requests, refusals, progress, rows left}. A row
 * leaves the rows left in the commit that admits it, whatever stops the reading in between.
 */
export class ResendReading {
  readonly #run: ResendRun;
  readonly #tally: Tally;
  readonly #tracer: RowTracer;
  readonly #readmission: ReadmissionContext;
  readonly #end = new AbortController();
  readonly #found: FoundRow[] = [];
  /** Rows whose content is found and whose commit is not yet under way: still left for whoever comes after a crash. */
  readonly #taken = new RowSet();
  readonly #span;
  #failure: unknown = null;
  /** Seen once is final: what was not read then is not read to its end, whatever the control says later. */
  #cancelled = false;

  constructor(
    private readonly deps: ResendDeps,
    private readonly opening: Opening,
    private readonly job: ResendJob,
  ) {
    const { settings, tracing } = deps;
    this.#run = job.rows.run;
    this.#tally = new Tally(this.#run.totals);
    const attributes = { 'paceline.batch': this.#run.batchId, 'paceline.source': this.#run.file.source };
    this.#span = tracing.root('resend rows', { attributes, kind: 'consumer' });
    this.#tracer = new RowTracer(tracing, this.#span, settings.traceRatio);
    this.#readmission = {
      ...{ batchId: this.#run.batchId, expiresAt: this.#run.expiresAt },
      ...{ accounts: settings.accounts, quietAccounts: settings.quietAccounts, contactHash: new ContactHash(settings.contactKey) },
      suppressedBecause: (query, now) => deps.suppressedBecause(query, now),
    };
    job.until.addEventListener('abort', () => this.#end.abort(), { once: true });
    if (job.until.aborted) this.#end.abort();
  }

  /** To the end of the run, or until it is stopped: then it goes on from the last committed chunk. */
  async run(): Promise<void> {
    try {
      for (const topics of contentTopics) await this.#scan(topics);
      if (this.job.until.aborted) return;
      if (this.#isCancelled()) return await this.cancelRest();
      await this.#refuseRest();
      await this.#finish([]);
    } finally {
      const { rows, admitted, refused } = this.#tally.totals;
      this.#span.set({ 'paceline.rows': rows, 'paceline.admitted': admitted, 'paceline.refused': refused });
      this.#span.end();
    }
  }

  /** Ends the run: what is not yet a request is cancelled, like what a cancelled batch has waiting. */
  async cancelRest(): Promise<void> {
    const { left, numbering, planned } = this.job.rows;
    const numbers = RowSet.of([...planned.rows()].filter((row) => left.has(row)).map((row) => numbering.numberOf(row)));
    for (let n = 0; n < numbers.size; n += 1) this.#tally.admit(0);
    const blocks = left.blocks();
    for (const row of [...left.rows()]) left.delete(row);
    await this.#finish(
      cancelledRows(this.#batch(), numbers).map((event) => batchOutput(event, this.#span.headers)),
      changesOf({ batchId: this.#run.batchId, kind: 'left' }, left, blocks),
    );
  }

  #isCancelled(): boolean {
    return (this.#cancelled ||= isBatchCancelled(this.deps.controls, this.#run.batchId));
  }

  async #scan(topics: readonly TopicName[]): Promise<void> {
    if (this.job.rows.left.size === 0 || this.#end.signal.aborted) return;
    await this.deps.scan(topics, (event) => this.#take(event), this.#end.signal);
    await this.#flush();
    // The reader must not try again what failed here: a commit whose end is unknown is not repeated.
    if (this.#failure !== null) throw this.#failure as Error;
  }

  #take({ data }: Event): void | Promise<void> {
    if (!('request' in data) || this.#end.signal.aborted) return;
    const row = this.#rowOf(data.request);
    if (row === undefined || !this.job.rows.left.has(row) || this.#taken.has(row)) return;
    this.#taken.add(row);
    this.#found.push({ row, request: data.request });
    if (this.#found.length >= this.deps.chunkRows || this.#taken.size === this.job.rows.left.size) return this.#flush();
  }

  /** The row of the original that a request is about; undefined when it is about none of ours. */
  #rowOf({ batchId, row }: Request): number | undefined {
    if (batchId === this.#run.resendOf) return row;
    return this.job.earlier.find((generation) => generation.batchId === batchId)?.numbering.originalOf(row);
  }

  async #flush(): Promise<void> {
    const found = this.#found.splice(0);
    if (found.length === 0 || this.#failure !== null) return;
    try {
      if (this.job.until.aborted || this.#isCancelled()) return this.#end.abort();
      await this.#admit(found);
      if (this.job.rows.left.size === 0) this.#end.abort();
    } catch (error) {
      this.#failure = error;
      this.#end.abort();
    }
  }

  async #admit(found: readonly FoundRow[]): Promise<void> {
    const batch = this.#batch();
    const chunk: Chunk = { admitted: [], refused: [] };
    for (const { row, request } of found) this.#readmit({ row, request, batch, chunk });
    const rows = found.map(({ row }) => row);
    for (const row of rows) this.#taken.delete(row);
    await this.#commit(batch, chunk, rows);
  }

  #readmit({ row, request, batch, chunk }: FoundRow & { readonly batch: BatchContext; readonly chunk: Chunk }): void {
    const number = this.job.rows.numbering.numberOf(row);
    const parent = latestRequestOf(row, this.#run.resendOf, this.job.earlier);
    const verdict = readmitRow(request, { row: number, parent, now: batch.now }, this.#readmission);
    if (verdict.admitted) {
      this.#tally.admit(verdict.request.cost);
      chunk.admitted.push(requestAdmitted(batch, verdict.request));
    } else chunk.refused.push(this.#refused(batch, row, { fault: verdict.fault, line: request.line, externalId: request.externalId }));
  }

  #refused(
    batch: BatchContext,
    row: number,
    about: { readonly fault: RowFault; readonly line: number; readonly externalId: string | null },
  ): EventOf<'RequestRefused'> {
    const number = this.job.rows.numbering.numberOf(row);
    this.#tally.refuse({ row: number, line: about.line }, about.fault);
    this.job.rows.undone.add(row);
    return requestRefused(batch, { requestId: requestIdOf(batch.batchId, number), row: number, ...about, uploaded: [] });
  }

  async #refuseRest(): Promise<void> {
    const rows = [...this.job.rows.left.rows()];
    for (let at = 0; at < rows.length; at += this.deps.chunkRows) {
      const part = rows.slice(at, at + this.deps.chunkRows);
      const batch = this.#batch();
      const refused = part.map((row) => this.#refused(batch, row, { fault: gone, line: 0, externalId: null }));
      await this.#commit(batch, { admitted: [], refused }, part);
    }
  }

  async #commit(batch: BatchContext, chunk: Chunk, rows: readonly number[]): Promise<void> {
    const { batchId } = this.#run;
    const { left, undone } = this.job.rows;
    for (const row of rows) left.delete(row);
    const blocks = new Set(rows.map(blockOf));
    const refusedIn = chunk.refused.length === 0 ? [] : blocks;
    const changes = [
      this.#runChange('reading'),
      ...changesOf({ batchId, kind: 'left' }, left, blocks),
      ...changesOf({ batchId, kind: 'undone' }, undone, refusedIn),
    ];
    const outputs = [...rowOutputs(chunk, this.#tracer), batchOutput(batchProgressed(batch, this.#tally.totals), this.#span.headers)];
    await this.opening.commit({ outputs, state: changes });
    applyChanges(this.opening.state, changes);
    this.deps.metrics.rows('resend', { admitted: chunk.admitted.length, refused: chunk.refused.length });
  }

  async #finish(outputs: readonly OutputRecord[], more: readonly ResendChange[] = []): Promise<void> {
    const { totals } = this.#tally;
    const changes = [this.#runChange('over'), ...more];
    const read = batchOutput(batchRead(this.#batch(), totals, true), this.#span.headers);
    await this.opening.commit({ outputs: [...outputs, read], state: changes, offsets: [this.job.offset] });
    applyChanges(this.opening.state, changes);
    const { rows, admitted, refused } = totals;
    this.deps.logger.info({ batchId: this.#run.batchId, counts: { rows, admitted, refused } }, 'a resend was read to its end');
  }

  #runChange(status: ResendRun['status']): ResendChange {
    return { key: runKeyOf(this.#run.batchId), value: encodeRun({ ...this.#run, status, totals: this.#tally.totals }) };
  }

  #batch(): BatchContext {
    return batchOfRun(this.#run, this.deps.clock.wallMicros());
  }
}

/** After the commit only. */
export function applyChanges(state: Map<string, string>, changes: readonly ResendChange[]): void {
  for (const { key, value } of changes) {
    if (value === null) state.delete(key);
    else state.set(key, value);
  }
}
