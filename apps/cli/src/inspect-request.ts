import { requestIdOf, topicNames } from '@paceline/contracts';
import {
  concerns,
  renderTimeline,
  renderWaterfall,
  requestTimeline,
  type TimelineRecord,
  type TimelineSubject,
  type WaterfallSpan,
} from '@paceline/domain/reporting';
import { ResendFamily, type ChainLink } from '@paceline/domain/resend';
import type { EventRecord } from '@paceline/pipeline';
import { chosen, readTotals } from './batch-totals.ts';
import { CliError, exitCodes } from './exit-code.ts';
import { chainEntries, chainLines, type ChainEntry } from './resend/resend-chain.ts';
import type { StackAccess } from './stack-access.ts';

const read = topicNames.filter((name) => /requests|refusals|slots|attempts|responses|outcomes|batches/.test(name));

/** `BATCH:ROW`, a row number of the newest batch, or a requestId. */
async function subjectOf(access: StackAccess, asked: string): Promise<TimelineSubject | string> {
  if (/^[0-9a-f]{32}$/.test(asked)) return asked;
  const [, batch, row] = /^(?:([0-9a-f]+):)?(\d+)$/.exec(asked) ?? [];
  if (row === undefined) throw new CliError(`${asked}: give a requestId, a row number, or BATCH:ROW`, exitCodes.usage);
  const totals = chosen(await readTotals(await access.log()), batch);
  const batchId = totals.at(-1)?.batchId;
  if (batchId === undefined) throw new CliError('there is no batch yet', exitCodes.usage);
  return { batchId, row: Number(row), requestId: requestIdOf(batchId, Number(row)) };
}

function isAbout(record: EventRecord, subject: TimelineSubject | string): boolean {
  return typeof subject === 'string'
    ? concerns(record.event, { requestId: subject, batchId: '', row: 0 })
    : concerns(record.event, subject);
}

interface SpanRow {
  readonly name: string;
  readonly service: string;
  readonly startMicros: string;
  readonly durationNs: string;
  readonly spanId: string;
  readonly parentSpanId: string;
}

const spanQuery = `SELECT SpanName AS name, ServiceName AS service, toString(toUnixTimestamp64Micro(toDateTime64(Timestamp, 6, 'UTC'))) AS startMicros,
  toString(Duration) AS durationNs, SpanId AS spanId, ParentSpanId AS parentSpanId FROM otel_traces WHERE TraceId = {trace: String} ORDER BY Timestamp`;

/** Ids of a span and all its ancestors. */
function upwards(byId: ReadonlyMap<string, SpanRow>, id: string): string[] {
  const path: string[] = [];
  for (let at: string | undefined = id; at !== undefined && at !== '' && !path.includes(at); at = byId.get(at)?.parentSpanId) path.push(at);
  return path;
}

const waterfallSpan = ({ name, service, startMicros, durationNs, spanId, parentSpanId }: SpanRow): WaterfallSpan => ({
  name,
  service,
  startMicros: Number(startMicros),
  endMicros: Number(startMicros) + Number(durationNs) / 1_000,
  spanId,
  parentSpanId: parentSpanId === '' ? null : parentSpanId,
});

/** The row's own spans: a file's trace holds all its rows, so those its records name, their ancestors and their children. */
function ownSpans(rows: readonly SpanRow[], ids: ReadonlySet<string>): WaterfallSpan[] {
  const byId = new Map(rows.map((row) => [row.spanId, row]));
  const wanted = new Set([...ids].flatMap((id) => upwards(byId, id)));
  return rows.filter(({ spanId, parentSpanId }) => wanted.has(spanId) || ids.has(parentSpanId)).map(waterfallSpan);
}

async function spansOf(access: StackAccess, records: readonly EventRecord[]): Promise<{ traceId: string | null; spans: WaterfallSpan[] }> {
  const parents = records.map(({ headers }) => headers['traceparent']?.split('-')).filter((parts) => parts !== undefined);
  const traceId = parents[0]?.[1] ?? null;
  if (traceId === null) return { traceId, spans: [] };
  const sql = await access.sql();
  const rows = await sql.ask<SpanRow>(spanQuery, { trace: traceId });
  return { traceId, spans: ownSpans(rows, new Set(parents.map((parts) => parts[2] ?? ''))) };
}

export interface Inspection {
  readonly schemaVersion: 1;
  readonly traceId: string | null;
  readonly timeline: ReturnType<typeof requestTimeline>;
  readonly spans: readonly WaterfallSpan[];
  /** All requests of the row, the first one first; empty when it was never resent. */
  readonly resends: readonly ChainEntry[];
  /** The request that is shown. */
  readonly requestId: string;
}

/** Where the row stands, by whatever the log says of its request; null when it says neither batch nor row. */
function placeOf(records: readonly EventRecord[], subject: TimelineSubject | string): Pick<ChainLink, 'batchId' | 'row'> | null {
  if (typeof subject !== 'string') return subject;
  for (const {
    event: { data },
  } of records) {
    const about = 'request' in data ? data.request : data;
    if ('batchId' in about && 'row' in about && about.row > 0) return about;
  }
  return null;
}

/** One request's story: every record of the log about it, in order, and its trace. */
export async function inspectRequest(access: StackAccess, asked: string): Promise<Inspection> {
  const subject = await subjectOf(access, asked);
  const records: EventRecord[] = [];
  const family = new ResendFamily();
  const log = await access.log();
  await log.readToEnd(read, (record) => {
    family.apply(record.event);
    if (isAbout(record, subject)) records.push(record);
  });
  if (records.length === 0) throw new CliError(`${asked}: no such request`, exitCodes.usage);
  const timelineRecords: TimelineRecord[] = records;
  const { traceId, spans } = await spansOf(access, records);
  const place = placeOf(records, subject);
  const resends = await chainEntries(log, place === null ? [] : family.chainOf(place));
  const requestId = typeof subject === 'string' ? subject : subject.requestId;
  return { schemaVersion: 1, requestId, traceId, timeline: requestTimeline(timelineRecords), spans, resends };
}

export function renderInspection({ timeline, traceId, spans, resends, requestId }: Inspection): string {
  const trace = traceId === null ? 'not traced (head sampling)' : `trace ${traceId}\n${renderWaterfall(spans)}`;
  const chain = resends.length === 0 ? '' : `\n${chainLines(resends, requestId).join('\n')}\n`;
  return `${renderTimeline(timeline)}\n${chain}\n${trace}\n`;
}
