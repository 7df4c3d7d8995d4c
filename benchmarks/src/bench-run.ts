// Runs the cases one after the other and keeps what the judge needs. Nothing is judged here.
import { peerCases } from './cases/peer-cases.ts';
import { runPeerCase, type PeerRun } from './cases/run-peer-case.ts';
import { runProductCase, type ProductRun } from './cases/run-product-case.ts';
import type { Mode, PeerCase, ProductCase } from './cases/case.ts';
import { isDisturbed, mostAttempts } from './judge/attempts.ts';
import type { BenchWorld } from './world/bench-world.ts';
import { peerSidOf } from './world/bench-settings.ts';

/** What happened to a case: its attempts, or why there are none. */
export interface Ran<C, R> {
  readonly one: C;
  readonly attempts: readonly { readonly run: R; readonly at: string }[];
  readonly failure: string | null;
}

export interface RanAll {
  readonly product: readonly Ran<ProductCase, ProductRun>[];
  readonly peers: readonly Ran<PeerCase, PeerRun>[];
}

export interface Plan {
  readonly mode: Mode;
  readonly product: readonly ProductCase[];
  readonly peers: readonly PeerCase[];
  readonly peersInstalled: boolean;
}

/** A repeat must end before this; milliseconds since the start. The whole run has a bound, and its later cases come first. */
const repeatUntilMs: Readonly<Record<Mode, number>> = { full: 17 * 60_000, quick: 4 * 60_000 };
const aroundCaseMs = 8_000;

class Budget {
  #ahead: number;

  constructor(
    private readonly mode: Mode,
    cases: readonly { readonly seconds: number }[],
  ) {
    this.#ahead = cases.reduce((sum, { seconds }) => sum + seconds * 1_000 + aroundCaseMs, 0);
  }

  done({ seconds }: { readonly seconds: number }): void {
    this.#ahead -= seconds * 1_000 + aroundCaseMs;
  }

  /** Whether this case may be run once more without keeping later ones from their turn. */
  bearsRepeat({ seconds }: { readonly seconds: number }): boolean {
    return performance.now() + this.#ahead + seconds * 1_000 + aroundCaseMs < repeatUntilMs[this.mode];
  }
}

interface Repeating<R> {
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  readonly mayRepeat: () => boolean;
  readonly run: (attempt: number) => Promise<R>;
}

/** Runs a case until an attempt is undisturbed, at most three times. An interruption ends the benchmark, a failure the case. */
async function attemptsOf<C extends { readonly name: string }, R extends { readonly cpu: { readonly other: number } }>(
  one: C,
  { signal, print, mayRepeat, run }: Repeating<R>,
): Promise<Ran<C, R>> {
  const attempts: { run: R; at: string }[] = [];
  try {
    while (attempts.length < mostAttempts) {
      const at = new Date().toISOString();
      attempts.push({ run: await run(attempts.length + 1), at });
      const other = attempts.at(-1)?.run.cpu.other ?? 0;
      print(`  ${one.name}: other load ${other.toFixed(0)} % of a core`);
      if (!isDisturbed({ otherCpu: other }) || !mayRepeat()) break;
    }
    return { one, attempts, failure: null };
  } catch (error) {
    signal.throwIfAborted();
    const failure = error instanceof Error ? error.message : String(error);
    print(`  ${one.name}: ${failure}`);
    return { one, attempts, failure };
  }
}

function whyNotRun(world: BenchWorld, one: PeerCase, plan: Plan): string | null {
  if (!plan.peersInstalled) return 'the peers are not installed';
  return one.needsRedis && world.redis === null ? 'no redis-server on this machine' : null;
}

export async function runAll(world: BenchWorld, plan: Plan): Promise<RanAll> {
  const { print } = world.options;
  const budget = new Budget(plan.mode, [...plan.product, ...plan.peers]);
  const common = { signal: world.signal, print };
  const product: Ran<ProductCase, ProductRun>[] = [];
  for (const one of plan.product) {
    print(`paceline ${one.name}, ${one.seconds} s`);
    budget.done(one);
    const mayRepeat = (): boolean => one.once !== true && budget.bearsRepeat(one);
    product.push(await attemptsOf(one, { ...common, mayRepeat, run: (attempt) => runProductCase(world, one, attempt) }));
  }
  const peers: Ran<PeerCase, PeerRun>[] = [];
  for (const [index, one] of plan.peers.entries()) {
    budget.done(one);
    const failure = whyNotRun(world, one, plan);
    print(failure === null ? `${one.name}, ${one.seconds} s` : `${one.name}: not run: ${failure}`);
    const run = (attempt: number): Promise<PeerRun> => runPeerCase(world, one, { sid: peerSidOf(index), run: `run-${index}-${attempt}` });
    const mayRepeat = (): boolean => budget.bearsRepeat(one);
    peers.push(failure === null ? await attemptsOf(one, { ...common, mayRepeat, run }) : { one, attempts: [], failure });
  }
  return { product, peers };
}

/** The cases whose name holds the text. */
export function planOf(options: { mode: Mode; only: string; peers: boolean }, all: readonly ProductCase[]): Omit<Plan, 'peersInstalled'> {
  const { mode, only, peers } = options;
  const wanted = <C extends { readonly name: string }>(cases: readonly C[]): C[] => cases.filter(({ name }) => name.includes(only));
  return { mode, product: wanted(all), peers: peers ? wanted(peerCases(mode)) : [] };
}
