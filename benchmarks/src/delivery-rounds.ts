// The rounds of a kill matrix: some at the same time, each kept as soon as it has ended, so that a run cut off goes on.
import type { KillPlan, KillRun } from '../../regression/chaos/kill-run.ts';
import { KeptLines } from '../../regression/kept-lines.ts';

export interface Round {
  readonly seed: number;
  readonly run: KillRun;
}

interface KeptRound extends Round {
  readonly commit: string;
}

/** Rounds that ended, one JSON line each. Without a file nothing is kept. */
export class KeptRounds {
  readonly ended: readonly Round[];
  readonly #lines: KeptLines<KeptRound>;

  /** Throws when the file holds rounds of another commit: their sum would tell of neither. */
  constructor(
    file: string | null,
    private readonly commit: string,
  ) {
    this.#lines = new KeptLines(file);
    const kept = this.#lines.before;
    const other = kept.find((round) => round.commit !== commit);
    if (other !== undefined) throw new Error(`${file}: holds a round of commit ${other.commit}, this is ${commit}: name another file`);
    this.ended = kept;
  }

  /** Seed of the first round; the wanted one when none was kept. */
  firstSeed(wanted: number): number {
    return this.ended.length === 0 ? wanted : Math.min(...this.ended.map(({ seed }) => seed));
  }

  keep(round: Round): void {
    this.#lines.keep({ commit: this.commit, ...round });
  }
}

export interface RoundsTerms {
  readonly rounds: number;
  readonly atOnce: number;
  readonly firstSeed: number;
  readonly planOf: (seed: number, place: number) => KillPlan;
  readonly run: (plan: KillPlan) => Promise<KillRun>;
  readonly ended: (round: Round) => void;
}

/** All rounds but those that were kept; rejects with the first error, when the rounds under way have ended as well. */
export async function runRounds(
  kept: KeptRounds,
  { rounds, atOnce, firstSeed, planOf, run, ended }: RoundsTerms,
): Promise<readonly Round[]> {
  const done = [...kept.ended];
  const known = new Set(done.map(({ seed }) => seed));
  const seeds = Array.from({ length: rounds }, (_, n) => firstSeed + n).filter((seed) => !known.has(seed));
  const work = async (place: number): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const round = { seed, run: await run(planOf(seed, place)) };
      kept.keep(round);
      done.push(round);
      ended(round);
    }
  };
  const places = Array.from({ length: atOnce }, (_, place) =>
    work(place).catch((error: unknown) => {
      seeds.length = 0;
      throw error;
    }),
  );
  for (const end of await Promise.allSettled(places)) if (end.status === 'rejected') throw end.reason;
  return done.toSorted((a, b) => a.seed - b.seed);
}
