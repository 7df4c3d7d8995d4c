import { statusOf, type BatchTotals, type Eta, type Status } from '@paceline/domain/reporting';
import { readRunFile } from '@paceline/local';
import { findContactKey } from '../contact-key.ts';
import { laneNames } from '../lane-names.ts';
import { pacerReports, pacerUrls } from '../pacer-reports.ts';
import type { PaceNote } from './progress.ts';
import type { UpContext } from './up-context.ts';

/** Asks the pacer, once a second, how long the rest takes and what the most rows wait for; null while it does not answer. */
export async function paceReader({
  access,
  settings,
  options,
}: UpContext): Promise<(totals: readonly BatchTotals[]) => Promise<PaceNote | null>> {
  const places = { urls: pacerUrls(undefined), run: await readRunFile(options.dataDir), dataDir: options.dataDir };
  const names = laneNames(settings, findContactKey(access.dataDir));
  return async (totals) => {
    const { reports, problem } = await pacerReports(places);
    if (problem !== null) return null;
    return paceNote(statusOf({ totals, reports, laneNames: names, now: Date.now() * 1_000 }), totals);
  };
}

/** No ETA while a part of the rows waits for a person or a breaker. */
export function paceNote({ waiting, etas }: Pick<Status, 'waiting' | 'etas'>, totals: readonly BatchTotals[]): PaceNote {
  const own = waiting.filter(({ batchId }) => totals.some((batch) => batch.batchId === batchId));
  const known = [...new Set(own.map(({ batchId }) => batchId))].map((batchId) => etas.get(batchId));
  const held = own.find(({ kind }) => kind !== 'rate');
  return {
    etaSeconds: known.length === 0 || known.includes(undefined) ? null : Math.max(...known.map((eta) => (eta as Eta).seconds)),
    waits: held === undefined ? null : `${held.rows} rows: ${held.reason}`,
  };
}
