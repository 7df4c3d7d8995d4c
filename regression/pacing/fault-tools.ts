// What faults are made of: the shape of one, and the facts that they wait for.
import { partitionsOf } from '@paceline/contracts';
import { eventually } from '@paceline/testing';
import { paceOf } from './bench-accounts.ts';
import { attemptOf, type History } from './history.ts';
import type { Member } from './members.ts';
import type { PacingBench } from './pacing-bench.ts';

export interface FaultContext {
  readonly bench: PacingBench;
  /** From 0; varies the instant of the fault. */
  readonly round: number;
  /** The long form holds what the short one only touches. */
  readonly form: 'short' | 'long';
}

/** A judgement beside the common one: what else must not be, from the same evidence. */
export type MoreJudgement = (history: History) => readonly string[];

export interface Fault {
  readonly title: string;
  /** Pacers and senders that run when it begins; null = those that do. */
  readonly members: readonly Member[] | null;
  /** Told by the long tier alone: what it adds to its neighbours is not worth its time in every run. */
  readonly longOnly?: true;
  /** What happens while every account has rows waiting. */
  inject(context: FaultContext): Promise<MoreJudgement | null>;
}

/** Calls to wait for, another number each round, so that the fault finds the processes at other points of their work. */
export const moment = (round: number): number => 20 + ((round * 37) % 97);

/** Every account has been called so much more often that its slots were granted after now. */
export async function allGoOn(bench: PacingBench): Promise<void> {
  await Promise.all(bench.accounts.map((account) => bench.moreCalls(Math.ceil(paceOf(account) * 1.5), account)));
}

/** Pid of the sender that owns each partition of the slots, from claims made after now. */
export async function ownersOfSlots(bench: PacingBench): Promise<ReadonlyMap<number, number>> {
  const earlier = new Set((await bench.evidence.claims()).map(attemptOf));
  const owners = new Map<number, number>();
  await eventually('every partition of the slots has a new claim', async () => {
    for (const claim of await bench.evidence.claims()) {
      if (!earlier.has(attemptOf(claim))) owners.set(claim.partition, Number(claim.sender.split('-')[1]));
    }
    return owners.size === partitionsOf.request;
  });
  return owners;
}
