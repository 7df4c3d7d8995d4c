// The disk of one broker of three is full while rows are called: it ends by itself, the others go on, and so does it with room.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startKafkaCluster, type KafkaCluster } from '@paceline/local';
import { eventually } from '@paceline/testing';
import { accountAt } from '../pacing/bench-accounts.ts';
import { allGoOn, moment, type Fault } from '../pacing/fault-tools.ts';
import { PacingBench } from '../pacing/pacing-bench.ts';
import { runFault, wholeVerdict } from '../pacing/run-fault.ts';
import { mountRefused } from './broker-hosts.ts';

const run = promisify(execFile);
const rounds = Number(process.env['DISK_ROUNDS'] ?? 6);
const fullMs = 20_000;
const accounts = [accountAt(0, 50), accountAt(1, 50), accountAt(2, 50), accountAt(3, 50, 5)];
const refused = mountRefused();
if (refused !== null) console.log(`a full disk: skipped, ${refused}`);

(refused === null ? describe : describe.skip)('pace, rights and rows hold', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-disk-'));
  /** Of broker 2 alone. */
  const disk = join(folder, 'kafka-2', 'log');
  const ballast = join(disk, 'ballast');
  let cluster: KafkaCluster;
  let bench: PacingBench;

  const fault: Fault = {
    title: 'the disk of one broker is full',
    members: ['pacer-1', 'pacer-2', 'sender-1', 'sender-2'],
    inject: async ({ round }) => {
      await bench.moreCalls(moment(round));
      expect(fill(ballast)).toBe('ENOSPC');
      await eventually('the broker ends', async () => (await cluster.pids())[1] === null, 60_000);
      await pause(fullMs);
      rmSync(ballast);
      await cluster.start(2);
      await eventually('every broker is there', () => cluster.isWhole(), 120_000);
      await allGoOn(bench);
      return null;
    },
  };

  beforeAll(async () => {
    mkdirSync(disk, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', 'size=512m', 'tmpfs', disk]);
    cluster = await startKafkaCluster({ folder });
    bench = await PacingBench.create({ accounts, kafka: cluster.brokers });
  }, 300_000);
  afterAll(async () => {
    await bench.dispose();
    await cluster.stop();
    await run('umount', [disk]);
    if (process.env['PACELINE_KEEP_LOGS'] === undefined) rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  it.each(Array.from({ length: rounds }, (_, round) => round))(
    'while the disk of one broker is full (round %i)',
    async (round) => {
      const { violations, measures } = await runFault(bench, fault, { round, form: 'long' });
      const closed = Object.values(measures.outcomes).reduce((sum, n) => sum + n, 0);
      expect({ violations, closed }).toEqual({ violations: [], closed: measures.rows });
    },
    600_000,
  );

  it('and over all of it together', async () => {
    expect((await wholeVerdict(bench)).violations).toEqual([]);
  });
});

/** Until nothing more fits; returns the code of why. */
function fill(file: string): string | undefined {
  const block = Buffer.alloc(64 * 1_024);
  try {
    for (;;) writeFileSync(file, block, { flag: 'a' });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
