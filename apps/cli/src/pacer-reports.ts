// What the pacers say of the rows that wait: GET /pacing on each pacer's own port. Nothing here changes anything.
import type { PacingReport } from '@paceline/domain/reporting';
import type { RunFile } from '@paceline/local';

export interface PacerReports {
  readonly reports: readonly PacingReport[];
  /** Why some or all are missing, for a person; null when every pacer known answered. */
  readonly problem: string | null;
}

export interface PacerPlaces {
  /** Base URLs given by hand; they win. */
  readonly urls: readonly string[];
  readonly run: RunFile | null;
  readonly dataDir: string;
}

const answerWithinMs = 1_000;

/** Given by flag, else by PACELINE_PACER_URLS, comma separated. */
export function pacerUrls(flag: string | undefined, env: Readonly<Record<string, string | undefined>> = process.env): string[] {
  return (flag ?? env['PACELINE_PACER_URLS'] ?? '')
    .split(',')
    .map((url) => url.trim().replace(/\/+$/, ''))
    .filter((url) => url !== '');
}

/** Base URL of the local pacer by its health URL; the reason where there is none. */
function recordedPacer({ run, dataDir }: PacerPlaces): string | { readonly problem: string } {
  if (run === null) return { problem: `nothing was started in ${dataDir}: give --pacer URL or PACELINE_PACER_URLS` };
  const pacer = run.processes.find(({ name }) => name === 'pacer');
  if (pacer?.healthUrl === undefined || pacer.healthUrl === null) {
    return { problem: `no pacer was started in ${dataDir}: give --pacer URL or PACELINE_PACER_URLS` };
  }
  return pacer.state === 'stopped'
    ? { problem: 'the pacer is stopped: nothing is granted until it runs' }
    : new URL(pacer.healthUrl).origin;
}

async function ask(url: string): Promise<PacingReport | { readonly problem: string }> {
  try {
    const response = await fetch(`${url}/pacing`, { signal: AbortSignal.timeout(answerWithinMs) });
    if (!response.ok) return { problem: `the pacer at ${url} answers ${response.status}` };
    const report = (await response.json()) as PacingReport;
    return report.schemaVersion === 1 ? report : { problem: `the pacer at ${url} is of another version` };
  } catch {
    return { problem: `the pacer at ${url} does not answer` };
  }
}

export async function pacerReports(places: PacerPlaces): Promise<PacerReports> {
  const recorded = places.urls.length > 0 ? places.urls : recordedPacer(places);
  if (typeof recorded === 'object' && 'problem' in recorded) return { reports: [], problem: recorded.problem };
  const answers = await Promise.all((typeof recorded === 'string' ? [recorded] : recorded).map(ask));
  const problems = answers.flatMap((answer) => ('problem' in answer ? [answer.problem] : []));
  return {
    reports: answers.filter((answer): answer is PacingReport => !('problem' in answer)),
    problem: problems.length === 0 ? null : problems.join('; '),
  };
}
