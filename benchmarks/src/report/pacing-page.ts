// docs/benchmarks/pacing.md out of kept results. It repeats what was measured and adds no judgement of its own.
import { publishedAs } from '../cases/case.ts';
import { peerCases } from '../cases/peer-cases.ts';
import { productCases } from '../cases/product-cases.ts';
import { disturbedAbove, mostAttempts } from '../judge/attempts.ts';
import { isOtherAttempt, productName, productPrefix } from './case-names.ts';
import { barsOf, verdict, type ResultLine } from './result-line.ts';
import { barTable, caseTable, sharedRates, sideBySide } from './tables.ts';
import { shown, textTable } from './text-table.ts';

const method = `## Method
The judge is the simulator's ledger: one line per request with the instant of its arrival, written before any logic sees the request. The slots are read from the topic \`paceline.slots\`.
No counter of the product decides anything; only *lost capacity* is what the pacer itself reports.

- **Windows slide.** The worst second and the worst 100 ms are found by two pointers over every event, both ends counted. A fixed bucket would hide a burst across its edge.
- **Rate error** is the slope of a straight line through (time, calls so far) by least squares, after the warm-up, against the configured rate.
- **Gap error** is the distance of each gap between neighbouring arrivals from the period of the rate, after the warm-up.
- **Slots over the limit**: cost in any sliding second above ceil(limit) + largest single cost - 1. **Worst second of arrivals** may hold limit x (1 + (late tolerance + j) / 1 s) + 2, j being the run's own p99.9 from the sender's stamp to the ledger's.
- **Slots returned late** are those a sender gave back, or claimed and did not send, because their instant had passed by more than the late tolerance. They are granted again; nothing is sent late.
- **Calls without a decision** have neither an outcome nor another attempt in the log, five seconds after the last case. What stands still behind the wire would show here alone.
- **Other load** is all processor time of the machine that belongs to no process of the run, in percent of one core, from \`/proc\`. A case with ${disturbedAbove} % or more is repeated, at most ${mostAttempts} attempts in all and as far as the time of the run allows;
  all attempts are published, the least disturbed is judged, and what must hold at any time must hold in all of them. A bar that asks for a quiet machine counts as missed when there was no quiet attempt.

The product runs as anywhere: Kafka, schema registry, pacer, sender, error-router and simulator, each a process of its own; no ingestor, archiver or ClickHouse. The simulator stands for a server elsewhere, so where the rights allow it goes before every other process (niceness -10), for the product and the peers alike. Rows are written to \`paceline.requests\` as the ingestor writes them while the account is paused, so that
all of them wait when the pace begins. Peers are plain scripts (\`benchmarks/peers\`) that call the same simulator over the same HTTP client, each account by itself, in the same run. They have no queue that survives a restart of theirs (BullMQ's Redis apart), no claims and no record of what they did: their processor time is not for the same work.`;

const notHere = `## What this run does not measure
Kills, rebalances, broker restarts and clock steps are regression tests on real servers, not part of this benchmark. The whole product with archiver and ClickHouse under load is measured in [sustained](sustained.md).`;

function machine(lines: readonly [ResultLine, ...ResultLine[]]): string {
  const [{ bench, commit, node, versions, at: first }] = lines;
  const begun = lines.map(({ at }) => at).sort();
  const facts = [
    ['command', bench === 'pacing' ? '`npm run bench:pacing`' : '`npm run bench:pacing -- --quick`'],
    ['commit', commit],
    ['node', node],
    ...Object.entries(versions),
    ['cases begun', `${begun[0] ?? first} to ${begun.at(-1) ?? first}`],
  ];
  return `## Machine and versions\n${textTable(['what', 'value'], facts)}`;
}

/** Missed bars come first and are said in words. */
function misses(lines: readonly ResultLine[]): string {
  const missed = barsOf(lines).filter(({ pass }) => pass === false);
  if (missed.length === 0) return 'Every bar was met.';
  const said = missed.map(
    ({ case: name, metric, value, unit, bar, otherCpu }) =>
      `- **${name}**: ${metric} was ${value === null ? `not measured (${unit})` : `${shown(value)} ${unit}`}, the bar is ${bar ?? ''}${otherCpu === null ? '' : ` (other load ${shown(otherCpu)} %)`}`,
  );
  return `Missed bars:\n\n${said.join('\n')}`;
}

function cases(lines: readonly ResultLine[]): string {
  const about = new Map([
    ...productCases('full').cases.flatMap((one) => publishedAs(one).map((name) => [productName(name), one.about] as const)),
    ...peerCases('full').map((one) => [one.name, one.about] as const),
  ]);
  const names = [...new Set(lines.map((line) => line.case))].filter((name) => name.startsWith(productPrefix));
  const sections = names.map((name) => {
    const own = lines.filter((line) => line.case === name);
    const load = `other load ${shown(own[0]?.otherCpu)} % of a core`;
    const sentence = about.get(name) ?? (isOtherAttempt(name) ? 'A disturbed attempt, published and not judged' : '');
    return `### ${name}\n${sentence === '' ? load : `${sentence}; ${load}`}.\n\n${caseTable(own)}`;
  });
  return `## Every case of the product\n${sections.join('\n\n')}`;
}

function beside(lines: readonly ResultLine[], drawn: boolean): string {
  const tables = sharedRates(lines).map((rate) => `### ${rate} calls/s\n${sideBySide(lines, rate)}`);
  const plots = drawn
    ? '\n\n![Arrivals in each 100 ms](pacing-arrivals.svg)\n\n![Gaps between arrivals](pacing-gaps.svg)'
    : '\n\nNo drawings: the library that draws them was not installed.';
  const key =
    'Figures of arrivals at the simulator, which all systems have; percent over the configured rate. CPU is that of who paces and calls: pacer and sender here, the worker processes there.';
  return `## Beside others\n${key}\n\n${tables.join('\n\n')}${plots}`;
}

const reproduce = `## How to reproduce
\`\`\`
npm run bench:pacing              # at most 20 minutes, exits 1 when a bar is missed
npm run bench:pacing -- --quick   # at most 5 minutes
npm run bench:pacing:page         # this page again, from benchmarks/results
\`\`\`
Needs Linux, Java 17 and, for BullMQ, a \`redis-server\` on the path; without one those cases are reported as not run. The peers are installed once by \`npm ci\` in \`benchmarks/peers\`. Run it on a machine that does nothing else.`;

const quickNote = '\nThese figures are of a quick run, with short cases: good enough to see that all works, not to be quoted.\n';

function measuredParts(lines: readonly [ResultLine, ...ResultLine[]], drawn: boolean): string[] {
  return [
    `${lines[0].bench === 'pacing' ? '' : quickNote}\n**${verdict(lines).text}.** ${misses(lines)}`,
    `## Bars\n${barTable(lines)}`,
    beside(lines, drawn),
    method,
    notHere,
    reproduce,
    machine(lines),
    cases(lines),
  ];
}

/** Without results the page says so, and how they are made. */
export function pacingPage(lines: readonly ResultLine[], { drawn }: { readonly drawn: boolean }): string {
  const [first, ...rest] = lines;
  const parts = first === undefined ? ['No run is kept yet.', method, notHere, reproduce] : measuredParts([first, ...rest], drawn);
  const head = '<!-- Generated from benchmarks/results by benchmarks/src/pacing-page-main.ts; do not edit. -->\n# Pacing, measured';
  return `${[head, ...parts].join('\n\n')}\n`.replace(/\n{3,}/g, '\n\n');
}
