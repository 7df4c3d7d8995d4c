import { setTimeout as delay } from 'node:timers/promises';
import type { Follower } from '@paceline/adapter-kafka';
import { BatchFold, reportOf, type BatchTotals, type ClickHousePart, type Report } from '@paceline/domain/reporting';
import { foldedTopics } from '../batch-totals.ts';
import { clickHousePart } from '../clickhouse-totals.ts';
import { exitCodes } from '../exit-code.ts';
import { placeFile, type Placed } from '../place-file.ts';
import { sampleFile } from '../sample-rows.ts';
import { watchLanes, type LaneWatch } from './end-stopped-lanes.ts';
import { ledgerPosition, readLedger } from './ledger.ts';
import { paceReader } from './pace-view.ts';
import { progressLine, ProgressView, RateMeter } from './progress.ts';
import { printReport } from './report.ts';
import type { UpContext } from './up-context.ts';

const archiveWaitMs = 60_000;

/** The demo's content differs at every start, so that it is never "already processed". */
function place(context: UpContext): Promise<Placed[]> {
  const { options, settings } = context;
  if (options.files.length > 0) return Promise.all(options.files.map((path) => placeFile({ path }, { settings })));
  const seed = Math.floor(Date.now() / 1_000) % 1_000_000;
  const pieces = sampleFile({ rows: options.sampleRows, seed, format: 'csv' });
  return Promise.all([placeFile({ name: `sample-${seed}.csv`, pieces }, { settings })]);
}

/** The batch of each file: by its content, or by its name where the file could not be hashed here. */
function ownTotals(fold: BatchFold, placed: readonly Placed[]): BatchTotals[] {
  return placed
    .map(({ batchId, name }) => fold.get(batchId) ?? fold.totals().find(({ file }) => file === name))
    .filter((totals) => totals !== undefined);
}

interface Watched {
  readonly fold: BatchFold;
  readonly placed: readonly Placed[];
  readonly lanes: LaneWatch;
}

const callsOf = (totals: readonly BatchTotals[]): number => totals.reduce((all, batch) => all + batch.calls, 0);

/** A duplicate has no rows of its own to wait for. */
const isOver = ({ complete, duplicates, rows }: BatchTotals): boolean => complete || (duplicates > 0 && rows === 0);

/** Shows progress until every file's rows have their outcome, or the run is interrupted. */
async function untilComplete(context: UpContext, { fold, placed, lanes }: Watched): Promise<void> {
  const { options, settings, signal } = context;
  const view = new ProgressView(options.json ? process.stderr : process.stdout);
  const meter = new RateMeter();
  const configured = settings.accounts.find(({ name }) => name === placed[0]?.account)?.callsPerSecond ?? 0;
  const note = await paceReader(context);
  while (!signal.aborted) {
    const totals = ownTotals(fold, placed);
    const nowMs = performance.now();
    const pace = { now: meter.add(nowMs, callsOf(totals)), configured, note: await note(totals) };
    if (totals.length > 0) view.show(progressLine(totals, pace), nowMs);
    if (totals.length === placed.length && totals.every(isOver)) break;
    await lanes.look();
    await delay(1_000, undefined, { signal }).catch(() => undefined);
  }
  view.end();
}

/** ClickHouse is asked until it agrees with the log or its time is up; what it says then is what is reported. */
async function archived(context: UpContext, totals: readonly BatchTotals[]): Promise<ClickHousePart | null> {
  const sql = await context.access.sql();
  const ids = totals.map(({ batchId }) => batchId);
  const until = performance.now() + archiveWaitMs;
  for (;;) {
    const part = await clickHousePart(sql, ids);
    const agrees = reportOf(totals, { ledger: null, clickhouse: part }).ok;
    if (agrees || performance.now() > until || context.signal.aborted) return part;
    await delay(500);
  }
}

function exitCodeFor({ batches, ok }: Report, totals: readonly BatchTotals[]): number {
  if (totals.some(({ refusal }) => refusal !== null)) return exitCodes.refused;
  if (totals.some(({ duplicates, rows, complete }) => duplicates > 0 && rows === 0 && !complete)) return exitCodes.refused;
  if (!batches.every(({ complete, inDoubt }) => complete && inDoubt === 0)) return exitCodes.unfinished;
  return ok ? exitCodes.complete : exitCodes.unexpected;
}

async function report(context: UpContext, { fold, placed }: Watched, since: number): Promise<number> {
  const totals = ownTotals(fold, placed);
  const rates = new Map(context.settings.accounts.map(({ name, callsPerSecond }) => [name, callsPerSecond]));
  const limit = rates.get(placed[0]?.account ?? '') ?? null;
  const built = reportOf(totals, {
    clickhouse: await archived(context, totals),
    ledger: await readLedger(context.simulatorUrl, { since, limit }),
    rateConfigured: (account) => rates.get(account) ?? null,
  });
  printReport(built, { json: context.options.json, totals, dataDir: context.options.dataDir });
  return exitCodeFor(built, totals);
}

/** Hands the files over, watches them to their end, reports; without --once it stays until Ctrl-C. */
export async function runFiles(context: UpContext): Promise<number> {
  const { access, simulatorUrl, options, signal, print } = context;
  const since = simulatorUrl === null ? 0 : await ledgerPosition(simulatorUrl);
  const fold = new BatchFold();
  const log = await access.log();
  const follower: Follower = await log.follow(foldedTopics, ({ event }) => fold.apply(event));
  const lanes = await watchLanes(context);
  try {
    await follower.caughtUp();
    const watched = { fold, lanes, placed: await place(context) };
    for (const { name, account } of watched.placed) print(`${name} -> account ${account}`);
    await untilComplete(context, watched);
    const code = await report(context, watched, since);
    if (!options.once && !signal.aborted) {
      print('running; drop more files into the watched folder, Ctrl-C stops everything');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
    return code;
  } finally {
    await lanes.stop();
    await follower.stop();
  }
}
