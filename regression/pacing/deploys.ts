// Processes are replaced while they work, by the same version or by the next one: nobody is in doubt about any call.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sourceCommand } from '@paceline/local';
import { repositoryRoot } from '@paceline/testing';
import { moment, type FaultContext, type MoreJudgement } from './fault-tools.ts';
import type { Member } from './members.ts';
import type { PacingBench } from './pacing-bench.ts';

const nextVersion = 'regression/pacing/next-version.mjs';
/** What the next version's schemas have more, in the text of a schema. */
const nextMark = 'sinceNextVersion';
/** Of each service that writes, one event that it writes for every row. */
const writtenForEachRow = ['SlotGranted', 'AttemptStarted', 'ResponseRecorded', 'RequestClosed'];

const noDoubts: MoreJudgement = ({ outcomes }) => {
  const doubts = outcomes.filter(({ outcome }) => outcome === 'unknown').length;
  return doubts === 0 ? [] : [`${doubts} rows ended unknown though every process had time to end in order`];
};

/** One after the other, each by SIGTERM, each replaced before the next goes. */
async function roll(bench: PacingBench, members: readonly Member[], start: (member: Member) => Promise<void>): Promise<void> {
  for (const member of members) {
    await bench.stop(member);
    await start(member);
    await bench.moreCalls(30);
  }
}

export async function replaceAll({ bench, round }: FaultContext): Promise<MoreJudgement> {
  await bench.moreCalls(moment(round));
  await roll(bench, ['sender-1', 'pacer-1', 'error-router', 'sender-2', 'pacer-2'], (member) => bench.members.start(member));
  return noDoubts;
}

/** The next version's schemas, as its deploy registers them before its first process. */
async function registerNextSchemas(registryUrl: string): Promise<void> {
  const [node = '', ...args] = sourceCommand('apps/cli/src/main.ts', [], [nextVersion]);
  await promisify(execFile)(node, [...args, 'schemas', 'apply'], {
    cwd: repositoryRoot,
    env: { PATH: process.env['PATH'], SCHEMA_REGISTRY_URL: registryUrl },
  });
}

/** Half of the processes become the next version, and both work in one log; then it is taken back. */
export async function deployAndTakeBack({ bench, round }: FaultContext): Promise<MoreJudgement> {
  const half: readonly Member[] = ['sender-1', 'pacer-1', 'error-router'];
  await registerNextSchemas(bench.registryUrl);
  await bench.moreCalls(moment(round));
  await roll(bench, half, (member) => bench.members.startWith(member, { preload: nextVersion }));
  await roll(bench, half, (member) => bench.members.start(member));
  return (history) => [...noDoubts(history), ...missingFromLog(bench)];
}

/** Events that the bench has not read in the next version's form: then the fault has shown nothing of them. */
function missingFromLog({ writerSchemas }: PacingBench): readonly string[] {
  const written = [...writerSchemas]
    .filter((schema) => schema.includes(nextMark))
    .map((schema) => (JSON.parse(schema) as { name: string }).name);
  const missing = writtenForEachRow.filter((name) => !written.some((found) => found.endsWith(name)));
  return missing.length === 0 ? [] : [`the next version wrote no ${missing.join(', ')}`];
}
