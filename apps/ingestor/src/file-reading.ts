import { FileRefused, ObjectChanged, readRows, type ObjectPlace } from '@paceline/adapter-objects';
import type { FileFound } from '@paceline/contracts';
import { isBatchCancelled } from '@paceline/domain/controls';
import {
  admitRows,
  batchAdmitted,
  batchProgressed,
  batchRead,
  batchRefused,
  encodeState,
  columnsOf,
  planColumns,
  stateKeyOf,
  Tally,
  type AdmissionContext,
  type BatchContext,
  type BatchState,
  type Chunk,
  type ColumnTargets,
  type DraftContext,
  type FileFault,
  type RawRow,
} from '@paceline/domain/ingest';
import type { OffsetMark, Opening, OutputRecord } from '@paceline/pipeline';
import type { SourceSettings, TraceSpan } from '@paceline/runtime';
import { batchOutput, rowOutputs } from './chunk-outputs.ts';
import { chunked, type FileStep } from './chunk-rows.ts';
import type { IngestDeps } from './ports.ts';
import type { RefusedRows } from './refused-rows.ts';
import type { RowTracer } from './row-tracer.ts';

export interface ReadingJob {
  readonly found: FileFound;
  readonly batchId: string;
  readonly runId: string;
  readonly from: BatchState | null;
  readonly source: SourceSettings;
  readonly place: ObjectPlace;
  /** Committed together with the end of the file. */
  readonly offset: OffsetMark;
  readonly targets: ColumnTargets;
  readonly admission: AdmissionContext;
  readonly refusedRows: RefusedRows;
  readonly span: TraceSpan;
  readonly tracer: RowTracer;
  /** Whether to stop after the chunk at hand: the opening ended or the service stops. */
  stopped(): boolean;
}

/** How a reading came to its end; null = stopped, to be resumed by whoever owns the partition next. */
export type ReadingEnd = { readonly state: BatchState; readonly complete: boolean } | null;

interface Ending {
  readonly status: BatchState['status'];
  readonly complete: boolean;
  readonly fault: FileFault | null;
}

/**
 * Reads one file, a transaction per chunk: {requests, refusals, progress, cursor}, and with the last one the end of
 * the batch and the input offset. A row is in exactly one committed chunk, whatever stops the reading in between.
 */
export class FileReading {
  readonly #tally: Tally;
  #columns: readonly string[];
  #draft: DraftContext;
  #begun: boolean;
  #committing: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: IngestDeps,
    private readonly opening: Opening,
    private readonly job: ReadingJob,
  ) {
    this.#tally = new Tally(job.from?.totals);
    this.#columns = job.from?.columns ?? [];
    this.#begun = this.#tally.totals.rows > 0;
    this.#draft = { targets: job.targets, plan: null, columns: this.#columns };
  }

  async run(): Promise<ReadingEnd> {
    const { found, source } = this.job;
    // What could not be decoded when it was found is refused as a whole, not row by row up to the fault.
    const checkFirst = source.mode === 'validate-first' || found.format === 'unknown';
    if (checkFirst && !this.#begun) await this.#check();
    for await (const step of this.#steps()) {
      if (this.job.stopped()) return this.#stop();
      if (isBatchCancelled(this.deps.controls, this.job.batchId)) return this.#end([], { status: 'read', complete: false, fault: null });
      const end = await this.#take(step);
      if (end !== undefined) return end;
    }
    throw new Error('a file ended without its end');
  }

  /** Ends the batch as refused; what was committed before stays admitted. */
  refuse(fault: FileFault): Promise<ReadingEnd> {
    return this.#end([], { status: 'refused', complete: false, fault });
  }

  #steps(): AsyncGenerator<FileStep> {
    const { found, source, place } = this.job;
    const { limits } = source;
    const stored = place.open(found.location, { etag: found.etag });
    const parts = readRows({ stored, compression: found.compression, format: found.format, limits });
    return chunked(parts, { chunkRows: limits.chunkRows, maxRows: limits.maxRows, after: this.#tally.totals.rows });
  }

  /** validate-first: a file that cannot be read to its end admits nothing. */
  async #check(): Promise<void> {
    for await (const step of this.#steps()) {
      if (this.job.stopped()) return;
      if (step.kind === 'broken') throw step.error;
      if (step.kind === 'end' && step.fileHash !== this.job.found.fileHash) throw new ObjectChanged('the content is not what was hashed');
    }
  }

  async #take(step: FileStep): Promise<ReadingEnd | undefined> {
    switch (step.kind) {
      case 'header':
        this.#plan(step.columns);
        return undefined;
      case 'rows':
        await this.#commit(await this.#admit(step.rows), []);
        return undefined;
      case 'broken':
        return this.#end(step.rows, { status: 'refused', complete: false, fault: step.error.fault });
      case 'end':
        return this.#finish(step);
    }
  }

  #plan(columns: readonly string[]): void {
    const { targets, source } = this.job;
    const plan = planColumns(columns, targets, source.limits.maxColumns);
    if ('code' in plan) throw new FileRefused(plan.code, plan.reason, plan.line);
    this.#columns = columns;
    this.#draft = { targets, plan, columns };
    this.job.refusedRows.columns = columns;
  }

  #finish({ rows, fileHash }: FileStep & { kind: 'end' }): Promise<ReadingEnd> {
    if (fileHash !== this.job.found.fileHash) throw new ObjectChanged('the content is not what was hashed');
    if (rows.length === 0 && !this.#begun) {
      const isCsv = this.job.found.format === 'csv';
      throw new FileRefused(isCsv ? 'header-only' : 'empty-file', isCsv ? 'a header and no rows' : 'a list without rows');
    }
    return this.#end(rows, { status: 'read', complete: true, fault: null });
  }

  async #admit(rows: readonly RawRow[]): Promise<{ chunk: Chunk; batch: BatchContext }> {
    const batch = this.#batch();
    if (this.#draft.plan === null && !this.#begun) this.#learnColumns(rows);
    const chunk = admitRows(rows, { batch, draft: this.#draft, admission: this.job.admission }, this.#tally);
    await this.job.refusedRows.append(chunk.refused);
    this.deps.metrics.rows(this.job.source.name, { admitted: chunk.admitted.length, refused: chunk.refused.length });
    return { chunk, batch };
  }

  /** JSON rows name their own columns: those of the first chunk stand for all. */
  #learnColumns(rows: readonly RawRow[]): void {
    this.#columns = columnsOf(rows);
    this.#draft = { ...this.#draft, columns: this.#columns };
    this.job.refusedRows.columns = this.#columns;
  }

  async #end(rows: readonly RawRow[], ending: Ending): Promise<ReadingEnd> {
    const { chunk, batch } = await this.#admit(rows);
    const { totals } = this.#tally;
    const trace = this.job.span.headers;
    const last: OutputRecord[] = [];
    if (ending.fault !== null) last.push(batchOutput(batchRefused(batch, ending.fault, totals), trace));
    if (totals.rows > 0 || ending.fault === null) last.push(batchOutput(batchRead(batch, totals, ending.complete), trace));
    await this.#commit({ chunk, batch }, last, ending);
    await this.#committing;
    return { state: this.#state(ending), complete: ending.complete };
  }

  /** Starts a commit after the one before: the next rows are read meanwhile. */
  async #commit({ chunk, batch }: { chunk: Chunk; batch: BatchContext }, last: readonly OutputRecord[], ending?: Ending): Promise<void> {
    const trace = this.job.span.headers;
    const { totals } = this.#tally;
    const hasRows = chunk.admitted.length + chunk.refused.length > 0;
    const begins = !this.#begun && (hasRows || ending?.fault === null);
    const outputs = [
      ...(begins ? [batchOutput(batchAdmitted(batch, this.#columns), trace)] : []),
      ...rowOutputs(chunk, this.job.tracer),
      ...(hasRows ? [batchOutput(batchProgressed(batch, totals), trace)] : []),
      ...last,
    ];
    this.#begun ||= begins;
    const change = { key: stateKeyOf(this.job.batchId), value: encodeState(this.#state(ending)) };
    await this.#committing;
    this.#committing = this.opening
      .commit({ outputs, state: [change], ...(ending === undefined ? {} : { offsets: [this.job.offset] }) })
      .then(() => void this.opening.state.set(change.key, change.value));
    this.#committing.catch(() => undefined);
  }

  /** Resolves when nothing is under way any more, however it ended. */
  async settled(): Promise<void> {
    await this.#committing.catch(() => undefined);
    const { rows, admitted, refused } = this.#tally.totals;
    this.job.span.set({ 'paceline.rows': rows, 'paceline.admitted': admitted, 'paceline.refused': refused });
    this.job.span.end();
  }

  async #stop(): Promise<null> {
    await this.#committing;
    return null;
  }

  #batch(): BatchContext {
    const { found, batchId, runId, source } = this.job;
    const { account, name, location, fileHash, format } = found;
    const now = this.deps.clock.wallMicros();
    return { batchId, account, source: source.name, name, location, fileHash, runId, format, causedBy: found.meta.eventId, now };
  }

  #state(ending?: Ending): BatchState {
    const { found, runId, refusedRows } = this.job;
    return {
      status: ending?.status ?? 'reading',
      fileHash: found.fileHash,
      runId,
      location: found.location,
      etag: found.etag,
      columns: this.#columns,
      totals: this.#tally.totals,
      refusedBytes: refusedRows.bytes,
      refusal: ending?.fault ?? null,
    };
  }
}
