import { FileRefused, ObjectChanged, ObjectGone, type ObjectPlace } from '@paceline/adapter-objects';
import type { FileFound } from '@paceline/contracts';
import {
  ColumnTargets,
  ContactHash,
  decideFile,
  decodeState,
  duplicateFileSeen,
  stateKeyOf,
  type BatchState,
  type FileDecision,
  type FileFault,
} from '@paceline/domain/ingest';
import {
  deadLetterOf,
  isEvent,
  OpeningLost,
  type InputRecord,
  type OffsetMark,
  type Opening,
  type PartitionTask,
  type RecordBatch,
} from '@paceline/pipeline';
import type { SourceSettings } from '@paceline/runtime';
import { batchOutput } from './chunk-outputs.ts';
import { FileReading, type ReadingEnd } from './file-reading.ts';
import { settlementOf, type ReportSubject } from './file-report.ts';
import type { IngestDeps } from './ports.ts';
import { RefusedRows } from './refused-rows.ts';
import { RowTracer } from './row-tracer.ts';

const topic = 'paceline.files';
const tries = 6;
const firstPauseMs = 500;

type ReadDecision = FileDecision & { act: 'read' };

/** A file and all that is needed to read it. */
interface FileAtHand {
  readonly found: FileFound;
  readonly source: SourceSettings;
  readonly place: ObjectPlace;
  readonly offset: OffsetMark;
}

/**
 * Owns the files of one partition of content hashes, one after the other. Its state tells which content was read and
 * how far, so that no row is admitted twice: not after a crash, not when the same content comes again.
 */
export class ReadFileTask implements PartitionTask {
  #closing = false;

  constructor(
    private readonly opening: Opening,
    private readonly deps: IngestDeps,
  ) {}

  async handle(batch: RecordBatch): Promise<void> {
    for (const [index, record] of batch.records.entries()) {
      if (this.#stopped()) return;
      const isLast = index === batch.records.length - 1;
      await this.#record(record, { topic, offset: isLast ? batch.nextOffset : record.offset + 1 });
    }
  }

  close(): Promise<void> {
    this.#closing = true;
    return Promise.resolve();
  }

  #stopped(): boolean {
    return this.#closing || this.opening.ended.aborted;
  }

  async #record(record: InputRecord, offset: OffsetMark): Promise<void> {
    if (isEvent(record, 'FileFound')) return this.#file(record.event.data, offset);
    const outputs = record.kind === 'poison' ? [deadLetterOf(record, 'ingestor', this.deps.clock.wallMicros())] : [];
    return this.opening.commit({ outputs, offsets: [offset] });
  }

  async #file(found: FileFound, offset: OffsetMark): Promise<void> {
    const source = this.deps.settings.sources.find(({ name }) => name === found.source);
    const place = this.deps.places.find((candidate) => candidate.owns(found.location));
    if (source === undefined || place === undefined) {
      this.deps.logger.error({ source: found.source, path: found.location }, 'found in a place that no source names any more: passed over');
      return this.opening.commit({ outputs: [], offsets: [offset] });
    }
    const decision = decideFile(found, (batchId) => this.#stateOf(batchId), source.sameContent);
    const file = { found, source, place, offset };
    if (decision.act === 'read') return this.#read(file, decision);
    return this.#known(file, decision);
  }

  #stateOf(batchId: string): BatchState | undefined {
    const text = this.opening.state.get(stateKeyOf(batchId));
    return text === undefined ? undefined : decodeState(text);
  }

  /** Content that needs no reading: say so when it is another file, and clear it away. */
  async #known(file: FileAtHand, { act, batchId, runId, known }: Exclude<FileDecision, ReadDecision>): Promise<void> {
    const { found, source, offset } = file;
    const { account, name, location, fileHash, format } = found;
    const context = { batchId, account, source: source.name, name, location, fileHash, runId, format, causedBy: found.meta.eventId };
    const seen = duplicateFileSeen({ ...context, now: this.deps.clock.wallMicros() });
    await this.opening.commit({ outputs: act === 'duplicate' ? [batchOutput(seen, {})] : [], offsets: [offset] });
    if (act === 'duplicate') {
      this.deps.metrics.file(source.name, 'duplicate');
      this.deps.logger.info({ batchId, path: location }, 'same content as a batch already read: nothing is sent');
    }
    await this.#settle(file, { found, batchId, state: known, complete: true, duplicate: act === 'duplicate' });
  }

  async #read(file: FileAtHand, decision: ReadDecision): Promise<void> {
    for (let attempt = 1; !this.#stopped(); attempt++) {
      const reading = await this.#reading(file, decision);
      try {
        const end = await this.#outcome(reading, file.found);
        await reading.settled();
        return await this.#ended(file, decision, end);
      } catch (error) {
        await reading.settled();
        if (error instanceof OpeningLost) throw error;
        this.deps.logger.warn({ batchId: decision.batchId, attempt, error: (error as Error).message }, 'a file cannot be read now');
        if (attempt >= tries) return this.#ended(file, decision, await this.#giveUp(file, decision));
        await this.deps.pause(firstPauseMs * 2 ** (attempt - 1), this.opening.ended);
      }
    }
  }

  /** Faults of the file end its batch; faults of the store are tried again. */
  async #outcome(reading: FileReading, found: FileFound): Promise<ReadingEnd> {
    try {
      if (!this.deps.settings.accounts.has(found.account)) {
        return await reading.refuse({ code: 'unknown-account', reason: 'no account of this name is set up', line: null });
      }
      return await reading.run();
    } catch (error) {
      const fault = faultOf(error);
      if (fault === null) throw error;
      return reading.refuse(fault);
    }
  }

  async #giveUp(file: FileAtHand, decision: ReadDecision): Promise<ReadingEnd> {
    const reading = await this.#reading(file, decision);
    const fault = { code: 'unreadable', reason: 'the place it lies in does not answer; drop it again to go on', line: null } as const;
    return reading.refuse(fault).finally(() => reading.settled());
  }

  /** From the last committed chunk on, whatever an earlier try had in hand. */
  async #reading(file: FileAtHand, { batchId, runId }: ReadDecision): Promise<FileReading> {
    const { found, source } = file;
    const { settings, tracing } = this.deps;
    const from = this.#stateOf(batchId) ?? null;
    const attributes = { 'paceline.batch': batchId, 'paceline.source': source.name, 'paceline.format': found.format };
    const span = tracing.root('read file', { attributes, kind: 'consumer' });
    const at = { bytes: from?.refusedBytes ?? 0, columns: from?.columns ?? [] };
    return new FileReading(this.deps, this.opening, {
      ...file,
      batchId,
      runId,
      from,
      span,
      tracer: new RowTracer(tracing, span, settings.traceRatio),
      refusedRows: await RefusedRows.resume(settings.spoolFolder, batchId, at),
      targets: new ColumnTargets(source),
      admission: {
        batchId,
        account: found.account,
        accounts: settings.accounts,
        quietAccounts: settings.quietAccounts,
        maxFieldLength: source.limits.maxFieldLength,
        contactHash: new ContactHash(settings.contactKey),
        suppressedBecause: (query, now) => this.deps.suppressedBecause(query, now),
      },
      stopped: () => this.#stopped(),
    });
  }

  async #ended(file: FileAtHand, { batchId }: ReadDecision, end: ReadingEnd): Promise<void> {
    if (end === null) return;
    const { state, complete } = end;
    const { rows, admitted, refused } = state.totals;
    this.deps.logger.info({ batchId, status: state.status, counts: { rows, admitted, refused } }, 'file finished');
    const cancelled = state.status === 'read' && !complete;
    this.deps.metrics.file(file.source.name, cancelled ? 'cancelled' : state.status === 'read' ? 'read' : 'refused');
    await this.#settle(file, { found: file.found, batchId, state, complete, duplicate: false });
  }

  /** After the commit only: a file on a shelf is a finished one. What fails here is done when the file is found again. */
  async #settle({ place, found }: FileAtHand, subject: ReportSubject): Promise<void> {
    const { batchId, state } = subject;
    const at = { bytes: state.refusedBytes, columns: state.columns };
    try {
      const refusedRows = subject.duplicate ? null : await RefusedRows.resume(this.deps.settings.spoolFolder, batchId, at);
      await place.settle(settlementOf(subject, refusedRows));
      await refusedRows?.remove();
    } catch (error) {
      this.deps.logger.error({ batchId, path: found.location, error: (error as Error).message }, 'a finished file could not be moved away');
    }
  }
}

function faultOf(error: unknown): FileFault | null {
  if (error instanceof FileRefused) return error.fault;
  if (error instanceof ObjectChanged) return { code: 'changed-while-read', reason: `${error.message}; drop it again to go on`, line: null };
  if (error instanceof ObjectGone) return { code: 'unreadable', reason: `${error.message}; drop it again to go on`, line: null };
  return null;
}
