// What a resend would be, from the log alone. The ingestor, which executes it, judges every row again by itself.
import type { BatchAdmitted, Event, Micros, Request, TopicName } from '@paceline/contracts';
import { PlanLoad, planOf, type Plan, type PlanAccount } from '@paceline/domain/reporting';
import { ClosingFold, mostResentRows, ResendFamily, RowSet, type Closing, type Generation } from '@paceline/domain/resend';
import { CliError, exitCodes } from '../exit-code.ts';
import type { RowsWanted } from './resend-wish.ts';

/** The log as a preview reads it. */
export interface PreviewLog {
  readToEnd(topics: readonly TopicName[], each: (record: { readonly event: Event }) => void): Promise<void>;
}

export interface PreviewQuestion {
  /** Id of the batch, or its first digits. */
  readonly batch: string;
  readonly wanted: RowsWanted;
  readonly now: Micros;
  readonly accounts: ReadonlyMap<string, PlanAccount>;
  readonly answerSeconds: number;
  readonly minShare: number;
}

export interface ResendPreview {
  readonly batchId: string;
  readonly file: string;
  readonly rows: number;
  readonly segments: number;
  /** The rows by how they ended. */
  readonly ends: readonly { readonly outcome: string; readonly reason: string; readonly code: number | null; readonly rows: number }[];
  /** Rows that would be refused, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Resends of the batch so far. */
  readonly resends: number;
  readonly plan: Plan;
}

interface Batch {
  readonly admitted: BatchAdmitted;
  readonly family: ResendFamily;
}

async function batchOf(log: PreviewLog, batch: string): Promise<Batch> {
  const family = new ResendFamily();
  const found = new Map<string, BatchAdmitted>();
  await log.readToEnd(['paceline.batches'], ({ event }) => {
    family.apply(event);
    if (event.type === 'BatchAdmitted' && event.data.batchId.startsWith(batch)) found.set(event.data.batchId, event.data);
  });
  const [admitted, ...others] = found.values();
  if (admitted === undefined) throw new CliError(`no batch ${batch}; \`paceline status\` lists them`, exitCodes.usage);
  if (others.length > 0) throw new CliError(`${batch}: several batches begin so; give more of the id`, exitCodes.usage);
  const original = family.originalOf(admitted.batchId);
  if (original === null) return { admitted, family };
  throw new CliError(
    `${admitted.batchId} is itself a resend of batch ${original}: resend that one; the latest request of each row counts`,
    exitCodes.usage,
  );
}

type Ends = Map<number, { readonly generation: number; readonly closing: Closing }>;

interface Chosen {
  readonly rows: RowSet;
  readonly ends: Ends;
}

async function chosenRows(
  log: PreviewLog,
  { wanted, now }: PreviewQuestion,
  { batchId, generations }: { readonly batchId: string; readonly generations: readonly Generation[] },
): Promise<Chosen> {
  const { outcomes, codes, since } = wanted;
  const ends: Ends = new Map();
  const fold = new ClosingFold({ batchId, generations, selection: { outcomes, codes, since, asOf: now } }, (row, generation, closing) => {
    if ((ends.get(row)?.generation ?? 0) <= generation) ends.set(row, { generation, closing });
  });
  await log.readToEnd(['paceline.batches', 'paceline.outcomes'], ({ event }) => fold.apply(event));
  return { rows: fold.chosen(mostResentRows), ends };
}

const contentTopics: readonly (readonly TopicName[])[] = [['paceline.requests'], ['paceline.attempts', 'paceline.slots']];

class Contents {
  readonly left: RowSet;
  segments = 0;
  readonly refused: Record<string, number> = {};

  constructor(
    { rows }: Chosen,
    private readonly batch: { readonly batchId: string; readonly load: PlanLoad },
    private readonly question: PreviewQuestion,
  ) {
    this.left = RowSet.of(rows.rows());
  }

  /** What the original sent is what its resends send. */
  apply({ data }: Event): void {
    if (!('request' in data) || data.request.batchId !== this.batch.batchId || !this.left.has(data.request.row)) return;
    this.left.delete(data.request.row);
    this.#count(data.request);
  }

  refuse(code: string, rows: number): void {
    if (rows > 0) this.refused[code] = (this.refused[code] ?? 0) + rows;
  }

  #count(request: Request): void {
    const { wanted, now, accounts } = this.question;
    const expiresAt = wanted.expiresAt ?? request.expiresAt;
    if (!accounts.has(request.account)) return this.refuse('unknown-account', 1);
    if (expiresAt !== null && expiresAt <= now) return this.refuse('already-expired', 1);
    this.segments += request.cost;
    this.batch.load.add({ ...request, expiresAt });
  }
}

export async function previewResend(log: PreviewLog, question: PreviewQuestion): Promise<ResendPreview> {
  const { admitted, family } = await batchOf(log, question.batch);
  const { batchId, name } = admitted;
  if (family.generationsOf(batchId).length > 0) await log.readToEnd(['paceline.refusals'], ({ event }) => family.apply(event));
  const generations = family.generationsOf(batchId);
  const chosen = await chosenRows(log, question, { batchId, generations });
  const load = new PlanLoad(question.accounts, question.now);
  const contents = new Contents(chosen, { batchId, load }, question);
  for (const topics of contentTopics) {
    if (contents.left.size > 0) await log.readToEnd(topics, ({ event }) => contents.apply(event));
  }
  contents.refuse('content-gone', contents.left.size);
  const { answerSeconds, minShare } = question;
  return {
    ...{ batchId, file: name, rows: chosen.rows.size, segments: contents.segments, ends: endsOf(chosen), refused: contents.refused },
    resends: generations.length,
    plan: planOf(load, { answerSeconds, minShare }),
  };
}

function endsOf({ rows, ends }: Chosen): ResendPreview['ends'] {
  const counts = new Map<string, { outcome: string; reason: string; code: number | null; rows: number }>();
  for (const row of rows.rows()) {
    const closing = ends.get(row)?.closing;
    if (closing === undefined) continue;
    const { outcome, reason, code } = closing;
    const key = `${outcome}/${reason}/${code ?? ''}`;
    const count = counts.get(key) ?? { outcome, reason, code, rows: 0 };
    count.rows += 1;
    counts.set(key, count);
  }
  return [...counts.values()].sort((a, b) => b.rows - a.rows);
}
