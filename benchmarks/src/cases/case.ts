import type { Evidence } from '../judge/evidence.ts';
import type { Figure } from '../judge/figure.ts';
import type { CpuBars } from '../judge/cpu-figures.ts';
import type { BatchPlan } from '../world/bench-rows.ts';
import type { BenchAccount } from '../world/bench-settings.ts';
import type { BenchWorld } from '../world/bench-world.ts';

export type Mode = 'full' | 'quick';

/** One account with its rows in a case. */
export interface Party {
  readonly account: BenchAccount;
  readonly batches: readonly BatchPlan[];
}

/** What a case's own script did, and when; instants are UTC microseconds. */
export type Marks = Readonly<Record<string, number>>;

export interface Judgement {
  readonly evidence: Evidence;
  /** In the order of the party's batches. */
  readonly batchIds: readonly string[];
  readonly marks: Marks;
}

export interface ProductCase {
  readonly name: string;
  /** One sentence for the report. */
  readonly about: string;
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly parties: readonly Party[];
  readonly cpuBars?: CpuBars;
  /** Parties of different rates are published as cases of their own, named by their rate. */
  readonly split?: boolean;
  /** Other load decides nothing here, or a repeat would take too long. */
  readonly once?: boolean;
  readonly before?: (world: BenchWorld) => Promise<void>;
  readonly after?: (world: BenchWorld) => Promise<void>;
  /** Stands in for waiting `seconds`. */
  readonly during?: (world: BenchWorld) => Promise<Marks>;
  judge(judgement: Judgement): Figure[];
}

export interface PeerCase {
  readonly name: string;
  readonly about: string;
  readonly script: string;
  readonly workers: number;
  readonly rate: number;
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly needsRedis: boolean;
}

/** Rows for a stretch in which some must always wait. */
export const rowsFor = (rate: number, seconds: number): number => Math.ceil(rate * (seconds + 3)) + 5;

const rateName = ({ account }: Party): string => `${account.callsPerSecond}/s`;

/** Names of what a case is published as, in the order of its parties where it is split. */
export const publishedAs = ({ name, split, parties }: ProductCase): string[] => (split === true ? parties.map(rateName) : [name]);
