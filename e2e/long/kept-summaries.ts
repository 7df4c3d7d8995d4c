// Two hours of faults are more than one sitting: what has ended is kept and not run again.
import { KeptLines } from '../../regression/kept-lines.ts';
import type { FaultSummary } from '../../regression/pacing/run-fault.ts';

interface RunOf {
  readonly commit: string;
  readonly rounds: number;
}

/** Of one commit and one number of rounds only: others in the file count for nothing. */
export class KeptSummaries {
  readonly #lines: KeptLines<RunOf & { readonly summary: FaultSummary }>;

  constructor(
    file: string | null,
    private readonly run: RunOf,
  ) {
    this.#lines = new KeptLines(file);
  }

  of(title: string): FaultSummary | undefined {
    const { commit, rounds } = this.run;
    const ofThisRun = this.#lines.before.filter((line) => line.commit === commit && line.rounds === rounds);
    return ofThisRun.find(({ summary }) => summary.fault === title)?.summary;
  }

  keep(summary: FaultSummary): void {
    this.#lines.keep({ ...this.run, summary });
  }
}
