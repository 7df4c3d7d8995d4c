import { productPrefix } from './case-names.ts';
import { barsOf, type ResultLine } from './result-line.ts';
import { shown, textTable } from './text-table.ts';

const metText = (pass: boolean | null): string => (pass === true ? 'met' : 'MISSED');

/** Every bar with what was measured. */
export function barTable(lines: readonly ResultLine[]): string {
  const rows = barsOf(lines).map((line) => {
    const { case: name, metric, value, unit, bar, pass, otherCpu } = line;
    return [name, metric, value === null ? 'not measured' : `${shown(value)} ${unit}`, bar ?? '', metText(pass), shown(otherCpu)];
  });
  return textTable(['case', 'figure', 'measured', 'bar', 'verdict', 'other load %'], rows);
}

interface Column {
  readonly title: string;
  readonly metric: string;
}

const columns: readonly Column[] = [
  { title: 'rate error %', metric: 'rate error of arrivals' },
  { title: 'worst second, % over', metric: 'worst second of arrivals over the limit' },
  { title: 'worst 100 ms, % over', metric: 'worst 100 ms of arrivals' },
  { title: 'gap p50 ms', metric: 'gap error at arrival p50' },
  { title: 'gap p99 ms', metric: 'gap error at arrival p99' },
  { title: 'gap p99.9 ms', metric: 'gap error at arrival p99.9' },
  { title: 'calls', metric: 'arrivals' },
];

/** CPU of whoever paces and calls: pacer and sender here, the workers there. */
const callers = /^CPU of (pacer|sender|peer)/;

function sideRow(name: string, lines: readonly ResultLine[]): string[] {
  const of = (metric: string): ResultLine | undefined => lines.find((line) => line.metric === metric);
  const cpu = lines.filter(({ metric }) => callers.test(metric)).reduce((sum, { value }) => sum + (value ?? 0), 0);
  return [name, ...columns.map(({ metric }) => shown(of(metric)?.value)), shown(Math.round(cpu)), shown(lines[0]?.otherCpu)];
}

/** Product and peers at one rate, on the same simulator in the same run; figures of arrivals, which all have. */
export function sideBySide(lines: readonly ResultLine[], rate: number): string {
  const names = [...new Set(lines.map((line) => line.case))].filter((name) => name.endsWith(` ${rate}/s`));
  const rows = names.map((name) => {
    const own = lines.filter((line) => line.case === name);
    const notRun = own.find(({ metric }) => metric === 'not run');
    return notRun === undefined ? sideRow(name, own) : [name, `not run: ${notRun.unit}`, ...columns.slice(1).map(() => ''), '', ''];
  });
  return textTable(['system', ...columns.map(({ title }) => title), 'CPU % of a core', 'other load %'], rows);
}

/** Rates at which the product was run beside others. */
export function sharedRates(lines: readonly ResultLine[]): number[] {
  const peers = lines.filter(({ case: name }) => !name.startsWith(productPrefix));
  const rates = peers.map(({ case: name }) => Number(/ (\d+)\/s$/.exec(name)?.[1] ?? NaN));
  return [...new Set(rates)].filter(Number.isFinite).sort((a, b) => a - b);
}

/** All figures of one case. */
export function caseTable(lines: readonly ResultLine[]): string {
  const rows = lines.map(({ metric, value, unit, bar, pass }) => [
    metric,
    shown(value),
    unit,
    bar ?? '',
    pass === null ? '' : metText(pass),
  ]);
  return textTable(['figure', 'value', 'unit', 'bar', 'verdict'], rows);
}
