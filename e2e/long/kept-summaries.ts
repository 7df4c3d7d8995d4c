// Two hours of faults are more than one sitting: what has ended is kept, one JSON line each, and not run again.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { FaultSummary } from '../../regression/pacing/run-fault.ts';

interface KeptSummary extends FaultSummary {
  readonly commit: string;
  readonly rounds: number;
}

/** Of one commit and one number of rounds only: others in the file count for nothing. Without a file nothing is kept. */
export class KeptSummaries {
  readonly #kept = new Map<string, FaultSummary>();

  constructor(
    private readonly file: string | null,
    private readonly run: { readonly commit: string; readonly rounds: number },
  ) {
    if (file === null || !existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) if (line !== '') this.#read(JSON.parse(line) as KeptSummary);
  }

  of(fault: string): FaultSummary | undefined {
    return this.#kept.get(fault);
  }

  keep(summary: FaultSummary): void {
    if (this.file !== null) appendFileSync(this.file, `${JSON.stringify({ ...this.run, ...summary })}\n`);
  }

  #read({ commit, rounds, ...summary }: KeptSummary): void {
    if (commit === this.run.commit && rounds === this.run.rounds) this.#kept.set(summary.fault, summary);
  }
}
