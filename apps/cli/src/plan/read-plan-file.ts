// Reads a file as the ingestor would, with the ingestor's own rules, and admits nothing.
import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { FileRefused, inspectContent, readRows, type ContentFacts, type RowsPart } from '@paceline/adapter-objects';
import { batchIdOf } from '@paceline/contracts';
import {
  admitRows,
  ColumnTargets,
  columnsOf,
  ContactHash,
  planColumns,
  Tally,
  type BatchContext,
  type ChunkContext,
  type DraftContext,
  type IngestTotals,
} from '@paceline/domain/ingest';
import type { PlanLoad } from '@paceline/domain/reporting';
import type { Settings, SourceSettings } from '@paceline/runtime';

export interface PlanFileOptions {
  readonly path: string;
  readonly settings: Settings;
  readonly source: SourceSettings;
  readonly account: string;
  readonly contactKey: string;
  readonly load: PlanLoad;
}

export interface PlanFile {
  readonly name: string;
  readonly batchId: string;
  readonly format: ContentFacts['format'];
  readonly totals: IngestTotals;
}

const readBytes = 256 * 1024;

const admissionOf = ({ settings, source, account, contactKey }: PlanFileOptions, batchId: string): ChunkContext['admission'] => ({
  batchId,
  account,
  accounts: new Set(settings.accounts.map(({ name }) => name)),
  quietAccounts: new Set(settings.accounts.filter(({ quietHours }) => quietHours !== undefined).map(({ name }) => name)),
  maxFieldLength: source.limits.maxFieldLength,
  contactHash: new ContactHash(contactKey),
  // Who is suppressed when the row's turn comes is not known before.
  suppressedBecause: () => null,
});

class PlanReading {
  readonly #tally = new Tally();
  readonly #targets: ColumnTargets;
  readonly #admission: ChunkContext['admission'];
  #draft: DraftContext;
  #rows = 0;

  constructor(
    private readonly options: PlanFileOptions,
    private readonly batch: BatchContext,
  ) {
    this.#targets = new ColumnTargets(options.source);
    this.#admission = admissionOf(options, batch.batchId);
    this.#draft = { targets: this.#targets, plan: null, columns: [] };
  }

  get totals(): IngestTotals {
    return this.#tally.totals;
  }

  take(part: RowsPart): void {
    if (part.kind === 'header') this.#plan(part.columns);
    else if (part.kind === 'rows') this.#admit(part.rows);
    else if (this.#rows === 0) throw new FileRefused('header-only', 'holds no rows');
  }

  #plan(columns: readonly string[]): void {
    const plan = planColumns(columns, this.#targets, this.options.source.limits.maxColumns);
    if ('code' in plan) throw new FileRefused(plan.code, plan.reason, plan.line);
    this.#draft = { targets: this.#targets, plan, columns };
  }

  #admit(rows: Extract<RowsPart, { kind: 'rows' }>['rows']): void {
    const { maxRows } = this.options.source.limits;
    const beyond = rows.find(({ row }) => row > maxRows);
    if (beyond !== undefined) throw new FileRefused('too-many-rows', `more than ${maxRows} rows; split the file`, beyond.line);
    if (this.#draft.plan === null && this.#rows === 0) this.#draft = { ...this.#draft, columns: columnsOf(rows) };
    this.#rows += rows.length;
    const { admitted } = admitRows(rows, { batch: this.batch, draft: this.#draft, admission: this.#admission }, this.#tally);
    for (const { data } of admitted) this.options.load.add(data.request);
  }
}

/** Folds the file's admitted rows into `load`. Throws FileRefused where the ingestor would refuse the file. */
export async function readPlanFile(options: PlanFileOptions): Promise<PlanFile> {
  const { source, account, load } = options;
  const path = resolve(options.path);
  const name = basename(path);
  const open = (): AsyncIterable<Buffer> => createReadStream(path, { highWaterMark: readBytes });
  const { fileHash, compression, format } = await inspectContent(open, name, source.limits);
  const batchId = batchIdOf(fileHash, account, '');
  const about = { batchId, account, source: source.name, name, location: path, fileHash, runId: '', format, causedBy: null };
  const reading = new PlanReading(options, { ...about, now: load.start });
  for await (const part of readRows({ stored: open(), compression, format, limits: source.limits })) reading.take(part);
  return { name, batchId, format, totals: reading.totals };
}
