import { requestIdOf } from '@paceline/contracts';
import type { Generation } from './closing-fold.ts';
import { blockKeyOf, decodeRun, encodeRun, rowKinds, runKeyOf, type ResendRun, type RowKind } from './resend-run.ts';
import { RowNumbering, RowSet } from './row-set.ts';

export interface ResendChange {
  readonly key: string;
  readonly value: string | null;
}

/** A run with its rows. */
export interface RowsOfRun {
  readonly run: ResendRun;
  readonly planned: RowSet;
  readonly left: RowSet;
  readonly undone: RowSet;
  readonly numbering: RowNumbering;
}

/** Rows of one kind, read back from the changelog's entries. */
function rowsIn(entries: ReadonlyMap<string, string>, kind: RowKind, batchId: string): RowSet {
  const prefix = blockKeyOf(kind, batchId, 0).slice(0, -1);
  const blocks = [...entries].filter(([key]) => key.startsWith(prefix));
  return RowSet.ofBlocks(blocks.map(([key, hex]) => ({ block: Number(key.slice(prefix.length)), hex })));
}

/** What the owner of a batch's commands knows of its resends: the only authority on which row belongs to which. */
export class ResendState {
  constructor(private readonly entries: ReadonlyMap<string, string>) {}

  run(batchId: string): ResendRun | undefined {
    const text = this.entries.get(runKeyOf(batchId));
    return text === undefined ? undefined : decodeRun(text);
  }

  /** Oldest first. */
  runsOf(resendOf: string): ResendRun[] {
    const runs = [...this.entries].filter(([key]) => key.startsWith(runKeyOf(''))).map(([, text]) => decodeRun(text));
    return runs.filter((run) => run.resendOf === resendOf).sort((a, b) => a.generation - b.generation);
  }

  rowsOf(run: ResendRun): RowsOfRun {
    const [planned, left, undone] = rowKinds.map((kind) => rowsIn(this.entries, kind, run.batchId)) as [RowSet, RowSet, RowSet];
    return { run, planned, left, undone, numbering: new RowNumbering(planned) };
  }
}

/** A refused row has no request in the run: it is back where it was before. */
export function generationOf({ run, planned, undone, numbering }: RowsOfRun): Generation {
  const linked = new RowSet();
  for (const row of planned.rows()) if (!undone.has(row)) linked.add(row);
  return { batchId: run.batchId, numbering, linked };
}

/** The request that a row's next one follows: its latest, in the original or in an earlier resend. */
export function latestRequestOf(row: number, resendOf: string, earlier: readonly Generation[]): string {
  const latest = earlier.findLast(({ linked }) => linked.has(row));
  return latest === undefined ? requestIdOf(resendOf, row) : requestIdOf(latest.batchId, latest.numbering.numberOf(row));
}

/** All that a planned run is remembered by. */
export const plannedChanges = (run: ResendRun, planned: RowSet): ResendChange[] => [
  { key: runKeyOf(run.batchId), value: encodeRun(run) },
  ...changesOf({ batchId: run.batchId, kind: 'planned' }, planned, planned.blocks()),
  ...changesOf({ batchId: run.batchId, kind: 'left' }, planned, planned.blocks()),
];

/** These blocks of a set as they are now; what holds no row is forgotten. */
export const changesOf = (
  { batchId, kind }: { readonly batchId: string; readonly kind: RowKind },
  rows: RowSet,
  blocks: Iterable<number>,
): ResendChange[] => [...blocks].map((block) => ({ key: blockKeyOf(kind, batchId, block), value: rows.encode(block) }));
