import { requestIdOf, type Event, type ResendPlanned } from '@paceline/contracts';
import type { Generation } from './closing-fold.ts';
import { RowNumbering, RowSet } from './row-set.ts';

interface Planned {
  readonly batchId: string;
  readonly resendOf: string;
  readonly generation: number;
  readonly rows: RowSet;
  readonly refused: Set<number>;
}

/** One request of a row: in the original or in a resend. */
export interface ChainLink {
  readonly batchId: string;
  readonly row: number;
  readonly requestId: string;
}

/**
 * Which batches are resends of which, as the log tells it: for people. ResendPlanned first, then the refusals. Only the
 * owner of the commands knows what is being planned at this moment, so what follows from this is a preview.
 */
export class ResendFamily {
  readonly #runs = new Map<string, Planned>();

  apply({ type, data }: Event): void {
    if (type === 'ResendPlanned') this.#planned(data);
    else if (type === 'RequestRefused') this.#runs.get(data.batchId)?.refused.add(data.row);
  }

  /** The batch that this one is a resend of; null when it is none. */
  originalOf(batchId: string): string | null {
    return this.#runs.get(batchId)?.resendOf ?? null;
  }

  /** Oldest first. */
  generationsOf(batchId: string): Generation[] {
    return this.#runsOf(batchId).map(({ batchId: run, rows, refused }) => {
      const numbering = new RowNumbering(rows);
      const linked = RowSet.of(rows.rows());
      for (const number of refused) linked.delete(numbering.originalOf(number) ?? 0);
      return { batchId: run, numbering, linked };
    });
  }

  /** All requests of a row, the first one first; alone when it was never resent. */
  chainOf({ batchId, row }: { readonly batchId: string; readonly row: number }): ChainLink[] {
    const run = this.#runs.get(batchId);
    const original = run?.resendOf ?? batchId;
    const of = run === undefined ? row : (new RowNumbering(run.rows).originalOf(row) ?? 0);
    const resends = this.#runsOf(original).filter(({ rows }) => rows.has(of));
    const links = resends.map(({ batchId: one, rows }) => ({ batchId: one, row: new RowNumbering(rows).numberOf(of) }));
    return [{ batchId: original, row: of }, ...links].map((link) => ({ ...link, requestId: requestIdOf(link.batchId, link.row) }));
  }

  #runsOf(original: string): Planned[] {
    return [...this.#runs.values()].filter(({ resendOf }) => resendOf === original).sort((a, b) => a.generation - b.generation);
  }

  #planned({ batchId, resendOf, generation, ranges }: ResendPlanned): void {
    const run = this.#runs.get(batchId) ?? { batchId, resendOf, generation, rows: new RowSet(), refused: new Set<number>() };
    for (const { from, to } of ranges) for (let row = from; row <= to; row += 1) run.rows.add(row);
    this.#runs.set(batchId, run);
  }
}
