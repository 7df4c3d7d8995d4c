// The whole product on three brokers, each killed in turn while a file is called: nothing twice, nothing lost, no pause that is ours.
// BROKER_RUNS: how often at each pace. BROKER_KEEP: a file that keeps what has ended, so that a run cut off goes on.
import { ProductRun, type Pause, type RunVerdict } from '../../regression/cluster/product-run.ts';
import { KeptLines } from '../../regression/kept-lines.ts';
import { quantile } from '../../regression/pacing/windows.ts';
import { commit, publish, servicesAt } from './pacing-results.ts';

const runs = Number(process.env['BROKER_RUNS'] ?? 20);
const rows = Number(process.env['BROKER_ROWS'] ?? 9_000);
const paces = (process.env['BROKER_PACES'] ?? '100,500').split(',').map(Number);

interface Line {
  readonly callsPerSecond: number;
  readonly rows: number;
  readonly commit: string;
  readonly twice: number;
  readonly lost: number;
  readonly unknown: number;
  readonly slotsOver: number;
  readonly fullestSecond: number;
  readonly pauses: readonly Pause[];
  readonly violations: readonly string[];
}

function lineOf(callsPerSecond: number, { twice, lost, pauses, violations, measures }: RunVerdict): Line {
  const outcomes = Object.entries(measures.outcomes);
  const unknown = outcomes.reduce((sum, [outcome, n]) => sum + (outcome.startsWith('unknown') ? n : 0), 0);
  const [slots] = measures.slotWindows;
  const [arrivals] = measures.arrivalWindows;
  const slotsOver = Math.max(0, (slots?.worst ?? 0) - (slots?.allowed ?? 0));
  return {
    callsPerSecond,
    rows,
    commit: commit(),
    twice,
    lost,
    unknown,
    slotsOver,
    fullestSecond: arrivals?.worst ?? 0,
    pauses,
    violations,
  };
}

const secondsOf = (millis: readonly number[]): string => {
  const rising = millis.toSorted((a, b) => a - b);
  return [quantile(rising, 0.5), quantile(rising, 0.95), rising.at(-1) ?? 0].map((ms) => (ms / 1_000).toFixed(1)).join(' / ');
};

const columns: Readonly<Record<string, (own: readonly Line[]) => string | number>> = {
  'calls/s': ([first]) => first?.callsPerSecond ?? 0,
  runs: (own) => own.length,
  rows: (own) => sum(own, (line) => line.rows),
  'called twice': (own) => sum(own, (line) => line.twice),
  'without an end': (own) => sum(own, (line) => line.lost),
  unknown: (own) => sum(own, (line) => line.unknown),
  'slots over the limit': (own) => Math.max(...own.map((line) => line.slotsOver)),
  'fullest second of arrivals': (own) => Math.max(...own.map((line) => line.fullestSecond)),
  violations: (own) => sum(own, (line) => line.violations.length),
  'pause after a kill, s: p50 / p95 / longest': (own) => secondsOf(own.flatMap(({ pauses }) => pauses.map(({ ms }) => ms))),
  'of it the cluster': (own) => secondsOf(own.flatMap(({ pauses }) => pauses.map(({ clusterMs }) => clusterMs))),
  'after the cluster': (own) => secondsOf(own.flatMap(({ pauses }) => pauses.map(({ ms, clusterMs }) => Math.max(0, ms - clusterMs)))),
};

const sum = (own: readonly Line[], of: (line: Line) => number): number => own.reduce((total, line) => total + of(line), 0);

function tableOf(all: readonly Line[]): string {
  const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const groups = paces.map((pace) => all.filter(({ callsPerSecond }) => callsPerSecond === pace)).filter(({ length }) => length > 0);
  const names = Object.keys(columns);
  return [row(names), row(names.map(() => '---:')), ...groups.map((own) => row(Object.values(columns).map((of) => of(own))))].join('\n');
}

const howToRead = `Three KRaft brokers (replication 3, \`min.insync.replicas\` 2, no unclean election), the services as \`npm start -- --brokers 3\` runs them, none of them started again when it ends, a file of ${rows} rows in the watched folder,
a server that is not the simulator and keeps its own ledger. Each broker is killed (-9) in turn and started again 8 s later. Judged by that ledger and the log: a *violation* is whatever the fault runs of the pacing call one.
*Unknown*: a call whose answer is not on record because no answer was; an answer on record beside an outcome unknown would be a violation. *Pause*: from the kill to the first call after the pause that it made (shorter than a second: 0).
*Of it the cluster*: from the kill until the other brokers named new leaders for everything that a call passes: a broker is missed after its session (4 s here, 9 s by default), more when it was the controller, and until then nothing that all replicas must have can be written.`;

const services = servicesAt('HEAD');
const kept = new KeptLines<Line & { readonly services: string }>(process.env['BROKER_KEEP'] ?? null);
const lines: Line[] = kept.before.filter((line) => line.services === services && line.rows === rows);

afterAll(() =>
  publish({
    name: 'three-brokers',
    title: 'Three brokers, each killed in turn',
    figures: { runs: lines },
    text: `${tableOf(lines)}\n\n${howToRead}\n\n\`npm run test:long\` runs it; \`BROKER_KEEP=FILE\` goes on where a run was cut off, for services that have not changed since.`,
  }),
);

describe.each(paces)('on three brokers, each killed in turn, at %i calls a second', (callsPerSecond) => {
  const before = lines.filter((line) => line.callsPerSecond === callsPerSecond).length;
  let product: ProductRun;
  beforeAll(async () => {
    product = await ProductRun.start(callsPerSecond);
  }, 300_000);
  afterAll(() => product.stop(), 60_000);

  it.each(Array.from({ length: Math.max(0, runs - before) }, (_, n) => before + n + 1))(
    'run %i: nothing twice, nothing lost, no slot over the limit',
    async () => {
      const line = lineOf(callsPerSecond, await product.run({ rows, callsPerSecond, kills: true }));
      lines.push(line);
      kept.keep({ ...line, services });
      const { twice, lost, slotsOver, violations } = line;
      expect({ twice, lost, slotsOver, violations }).toEqual({ twice: 0, lost: 0, slotsOver: 0, violations: [] });
    },
  );
});
