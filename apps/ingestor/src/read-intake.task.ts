import { createHash } from 'node:crypto';
import { hashId } from '@paceline/contracts';
import {
  admitRows,
  batchAdmitted,
  batchRead,
  ColumnTargets,
  columnsOf,
  ContactHash,
  Tally,
  type BatchContext,
  type RawRow,
} from '@paceline/domain/ingest';
import { rowOfJson } from '@paceline/adapter-objects';
import type { InputRecord, OffsetMark, Opening, PartitionTask, RecordBatch } from '@paceline/pipeline';
import type { SourceSettings } from '@paceline/runtime';
import { batchOutput, rowOutputs } from './chunk-outputs.ts';
import type { IngestDeps } from './ports.ts';
import { RowTracer } from './row-tracer.ts';

const topic = 'paceline.intake';

/** Consecutive records of the intake topic that become one batch. */
interface Stretch {
  readonly records: readonly InputRecord[];
  readonly nextOffset: number;
}

/**
 * Each record of the intake topic is one row, each stretch a batch of its own, committed in one transaction with the
 * position after it: a record becomes exactly one request or refusal, however often it is delivered.
 */
export class ReadIntakeTask implements PartitionTask {
  #closing = false;
  readonly #source: SourceSettings;
  readonly #targets: ColumnTargets;
  readonly #contactHash: ContactHash;

  constructor(
    private readonly opening: Opening,
    private readonly deps: IngestDeps,
  ) {
    const source = deps.settings.sources.find((candidate) => candidate.topic === topic);
    if (source === undefined) throw new Error(`no source reads ${topic}: the group must not be started`);
    this.#source = source;
    this.#targets = new ColumnTargets(source);
    this.#contactHash = new ContactHash(deps.settings.contactKey);
  }

  async handle(batch: RecordBatch): Promise<void> {
    for (const stretch of stretchesOf(batch, this.#source.limits.chunkRows)) {
      if (this.#closing || this.opening.ended.aborted) return;
      await this.#admit(stretch);
    }
  }

  close(): Promise<void> {
    this.#closing = true;
    return Promise.resolve();
  }

  async #admit({ records, nextOffset }: Stretch): Promise<void> {
    const offset: OffsetMark = { topic, offset: nextOffset };
    const first = records[0];
    if (first === undefined) return this.opening.commit({ outputs: [], offsets: [offset] });
    const batch = this.#batchOf(records, first);
    const rows = records.map((record, index) => this.#rowOf(record, { row: index + 1, line: record.offset - first.offset + 1 }));
    const columns = columnsOf(rows);
    const tally = new Tally();
    const chunk = admitRows(
      rows,
      { batch, draft: { targets: this.#targets, plan: null, columns }, admission: this.#admission(batch) },
      tally,
    );
    const span = this.deps.tracing.root('read intake', { attributes: { 'paceline.batch': batch.batchId }, kind: 'consumer' });
    const tracer = new RowTracer(this.deps.tracing, span, this.deps.settings.traceRatio);
    const outputs = [
      batchOutput(batchAdmitted(batch, columns), span.headers),
      ...rowOutputs(chunk, tracer),
      batchOutput(batchRead(batch, tally.totals, true), span.headers),
    ];
    span.end();
    await this.opening.commit({ outputs, offsets: [offset] });
    this.deps.metrics.rows(this.#source.name, { admitted: chunk.admitted.length, refused: chunk.refused.length });
  }

  #rowOf(record: InputRecord, place: { readonly row: number; readonly line: number }): RawRow {
    const text = record.kind === 'poison' ? (record.rawValue?.toString('utf8') ?? '') : '';
    return rowOfJson(text, place, this.#source.limits.maxJsonDepth);
  }

  #batchOf(records: readonly InputRecord[], first: InputRecord): BatchContext {
    const last = records.at(-1) ?? first;
    const place = `${first.partition}/${first.offset}-${last.offset}`;
    return {
      batchId: hashId('intake', first.partition, first.offset),
      account: this.#source.account,
      source: this.#source.name,
      name: `${topic}-${place.replace('/', '-')}`,
      location: `kafka://${topic}/${place}`,
      fileHash: contentHash(records),
      runId: '',
      format: 'ndjson',
      causedBy: null,
      now: this.deps.clock.wallMicros(),
    };
  }

  #admission({ batchId, account }: BatchContext) {
    const { accounts, quietAccounts } = this.deps.settings;
    return {
      batchId,
      account,
      accounts,
      quietAccounts,
      maxFieldLength: this.#source.limits.maxFieldLength,
      contactHash: this.#contactHash,
      suppressedBecause: this.deps.suppressedBecause.bind(this.deps),
    };
  }
}

function stretchesOf({ records, nextOffset }: RecordBatch, size: number): Stretch[] {
  if (records.length === 0) return [{ records, nextOffset }];
  const stretches: Stretch[] = [];
  for (let from = 0; from < records.length; from += size) {
    const part = records.slice(from, from + size);
    const last = part.at(-1);
    stretches.push({ records: part, nextOffset: from + size >= records.length || last === undefined ? nextOffset : last.offset + 1 });
  }
  return stretches;
}

/** Keys and values in order; what the producer wrote, byte for byte. */
function contentHash(records: readonly InputRecord[]): string {
  const hash = createHash('sha256');
  for (const record of records) {
    if (record.kind !== 'poison') continue;
    hash
      .update(`${record.rawKey?.toString('base64') ?? ''}\n`)
      .update(record.rawValue ?? '')
      .update('\n');
  }
  return hash.digest('hex');
}
