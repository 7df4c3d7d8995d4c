// Hours of faults are more than one sitting: what has ended is kept and not run again.
import { KeptLines } from '../../regression/kept-lines.ts';
import type { FaultSummary } from '../../regression/pacing/run-fault.ts';
import { commit, servicesAt } from './pacing-results.ts';

/** The summary of a fault that ran at this commit. */
export interface RunSummary extends FaultSummary {
  readonly commit: string;
}

interface KeptLine {
  readonly rounds: number;
  readonly commit: string;
  readonly summary: FaultSummary;
}

/** Of the services as they are now and one number of rounds only: others in the file count for nothing. */
export class KeptSummaries {
  readonly #lines: KeptLines<KeptLine>;
  readonly #now = servicesAt('HEAD');

  constructor(
    file: string | null,
    private readonly rounds: number,
  ) {
    this.#lines = new KeptLines(file);
  }

  of(title: string): RunSummary | undefined {
    const line = this.#lines.before.find(
      ({ rounds, summary, commit: ranAt }) => rounds === this.rounds && summary.fault === title && servicesAt(ranAt) === this.#now,
    );
    return line && { ...line.summary, commit: line.commit };
  }

  keep(summary: FaultSummary): RunSummary {
    const ranAt = commit();
    this.#lines.keep({ rounds: this.rounds, commit: ranAt, summary });
    return { ...summary, commit: ranAt };
  }
}
