// From what ran to what is published: evidence per account, figures per attempt, one judged attempt per case.
import type { Ran, RanAll } from './bench-run.ts';
import { publishedAs, type PeerCase, type ProductCase } from './cases/case.ts';
import type { PeerRun } from './cases/run-peer-case.ts';
import type { PartyRun, ProductRun } from './cases/run-product-case.ts';
import { judged, type JudgedAttempt } from './judge/attempts.ts';
import { cpuFigures } from './judge/cpu-figures.ts';
import type { Evidence } from './judge/evidence.ts';
import { figure, worstOf, type Figure } from './judge/figure.ts';
import { paceFigures } from './judge/pace-figures.ts';
import { attemptName, productName } from './report/case-names.ts';
import { plotted, type PlotData, type PlottedSystem } from './report/plots.ts';
import type { CaseOutcome } from './report/result-line.ts';
import { lateToleranceMs } from './world/bench-settings.ts';
import type { CpuUse } from './world/cpu-meter.ts';
import type { SlotLog } from './world/slot-log.ts';

interface Attempt extends JudgedAttempt {
  readonly at: string;
}

function evidenceOf(
  { party, batchIds, arrivals, lost }: PartyRun,
  run: ProductRun,
  { one, log }: { one: ProductCase; log: SlotLog },
): Evidence {
  const { slots, returnedLate, calledAt, decided } = log.of(batchIds);
  const warmupUs = one.warmupSeconds * 1_000_000;
  const { from, to } = run;
  return { limit: party.account.callsPerSecond, from, to, warmupUs, arrivals, slots, returnedLate, lost, calledAt, decided };
}

type Asked = (party: PartyRun) => boolean;

const everyParty: Asked = () => true;

function productFigures(run: ProductRun, { one, log, asked }: { one: ProductCase; log: SlotLog; asked: Asked }): Figure[] {
  const ofParties = run.parties
    .filter(asked)
    .map((party) => one.judge({ evidence: evidenceOf(party, run, { one, log }), batchIds: party.batchIds, marks: run.marks }));
  return [...worstOf(ofParties), ...cpuFigures(run.cpu.byProcess, one.cpuBars)];
}

const peerEvidence = ({ from, to, arrivals }: PeerRun, { rate, warmupSeconds }: PeerCase): Evidence => ({
  limit: rate,
  from,
  to,
  warmupUs: warmupSeconds * 1_000_000,
  arrivals,
  slots: [],
  returnedLate: 0,
  lost: null,
  calledAt: new Map(),
  decided: new Set(),
});

const ofWorkers = ({ byProcess }: CpuUse): Map<string, number> =>
  new Map([...byProcess].filter(([name]) => /^(peer|redis|simulator)/.test(name)));

const peerFigures = (run: PeerRun, one: PeerCase): Figure[] => [
  ...paceFigures(peerEvidence(run, one), { lateToleranceMs, judged: false }),
  ...cpuFigures(ofWorkers(run.cpu)),
];

/** The judged attempt bears the case's name, the others say what they are. */
function outcomesOf(name: string, attempts: readonly Attempt[]): CaseOutcome[] {
  const quietest = Math.min(...attempts.map(({ otherCpu }) => otherCpu));
  const judgedAt = attempts.findIndex(({ otherCpu }) => otherCpu === quietest);
  return judged(attempts).map(({ at, otherCpu, figures }, index) => ({
    name: index === judgedAt ? name : attemptName(name, index + 1),
    at,
    otherCpu,
    figures,
  }));
}

function attempted<C, R extends { readonly cpu: CpuUse }>({ attempts }: Ran<C, R>, figuresOf: (run: R) => Figure[]): Attempt[] {
  return attempts.map(({ run, at }) => ({ at, otherCpu: run.cpu.other, figures: figuresOf(run) }));
}

const now = (): string => new Date().toISOString();

interface Part {
  readonly name: string;
  readonly asked: Asked;
}

/** What a case is published as, and of which of its accounts. */
function partsOf(one: ProductCase): Part[] {
  return publishedAs(one).map((name, index) => ({
    name,
    asked: one.split === true ? ({ party }: PartyRun) => party === one.parties[index] : everyParty,
  }));
}

/** A case of ours that failed is a missed bar, never an absent one. */
function productOutcomes(ran: Ran<ProductCase, ProductRun>, log: SlotLog): CaseOutcome[] {
  const { one } = ran;
  const name = productName(one.name);
  const outcomes = partsOf(one).flatMap((part) =>
    outcomesOf(
      productName(part.name),
      attempted(ran, (run) => productFigures(run, { one, log, asked: part.asked })),
    ),
  );
  if (ran.failure === null) return outcomes;
  const failed = figure({ metric: 'the case runs to its end', value: null, unit: ran.failure }, { text: 'yes', holds: () => false });
  return [...outcomes, { name: outcomes.length === 0 ? name : `${name} (failed)`, otherCpu: null, at: now(), figures: [failed] }];
}

/** A peer that could not be run is said so, and meets or misses nothing. */
function peerOutcomes(ran: Ran<PeerCase, PeerRun>): CaseOutcome[] {
  const { one, failure } = ran;
  const outcomes = outcomesOf(
    one.name,
    attempted(ran, (run) => peerFigures(run, one)),
  );
  if (failure === null || outcomes.length > 0) return outcomes;
  return [{ name: one.name, otherCpu: null, at: now(), figures: [figure({ metric: 'not run', value: null, unit: failure })] }];
}

export const outcomesOfAll = ({ product, peers }: RanAll, log: SlotLog): CaseOutcome[] => [
  ...product.flatMap((ran) => productOutcomes(ran, log)),
  ...peers.flatMap(peerOutcomes),
];

const drawnRate = 500;

function quietestOf<C, R extends { readonly cpu: CpuUse }>({ attempts }: Ran<C, R>): R | undefined {
  return [...attempts].sort((a, b) => a.run.cpu.other - b.run.cpu.other)[0]?.run;
}

/** The product and its peers at one rate; null when the product was not run at it. */
export function plotData({ product, peers }: RanAll): PlotData | null {
  const draw = (name: string, run: { from: number; arrivals: PartyRun['arrivals'] }, warmupSeconds: number): PlottedSystem =>
    plotted(
      name,
      run.arrivals.map(({ at }) => at),
      run.from + warmupSeconds * 1_000_000,
    );
  const own = product.find(({ one }) => one.name === `${drawnRate}/s`);
  const ownRun = own === undefined ? undefined : quietestOf(own);
  const arrivals = ownRun?.parties[0]?.arrivals;
  if (own === undefined || ownRun === undefined || arrivals === undefined) return null;
  const others = peers.flatMap((ran) => {
    const run = ran.one.rate === drawnRate ? quietestOf(ran) : undefined;
    return run === undefined ? [] : [draw(ran.one.name.replace(` ${drawnRate}/s`, ''), run, ran.one.warmupSeconds)];
  });
  return { rate: drawnRate, systems: [draw('Paceline', { from: ownRun.from, arrivals }, own.one.warmupSeconds), ...others] };
}
