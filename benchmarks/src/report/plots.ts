// What the drawings show, cut down from the arrivals of each system at one rate.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { drawnCounts, tenth } from '../judge/sliding-window.ts';
import { peersFolder } from '../world/peer.ts';

export interface PlottedSystem {
  readonly name: string;
  /** Arrivals in each 100 ms of a stretch. */
  readonly counts: readonly number[];
  /** Gaps between neighbours, milliseconds, at evenly spaced shares of all gaps from 0 to 1. */
  readonly gaps: readonly number[];
}

export interface PlotData {
  readonly rate: number;
  readonly systems: readonly PlottedSystem[];
}

const drawnSeconds = 5;
const gapPoints = 200;

/** `from` is where the stretch begins that is drawn. */
export function plotted(name: string, times: readonly number[], from: number): PlottedSystem {
  const to = from + drawnSeconds * 1_000_000;
  const steady = times.filter((at) => at >= from);
  const gaps = steady.slice(1).map((at, i) => (at - (steady[i] ?? at)) / 1_000);
  const sorted = gaps.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return {
    name,
    counts: drawnCounts(times, { from, to, widthUs: tenth }),
    gaps: sorted.length === 0 ? [] : Array.from({ length: gapPoints + 1 }, (_, i) => Math.round(at(i / gapPoints) * 1_000) / 1_000),
  };
}

/** Draws with the library that is installed beside the peers; false when it is not there. */
export function draw(data: PlotData, folder: string): boolean {
  const { status } = spawnSync(process.execPath, [join(peersFolder, 'plot.mjs'), folder], {
    cwd: peersFolder,
    input: JSON.stringify(data),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  return status === 0;
}
