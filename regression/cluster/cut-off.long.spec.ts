// A broker that is cut off from the other brokers but not from us, and the reverse: it does not know that it was deposed, and
// goes on answering. Nothing that it says may be believed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { accountAt } from '../pacing/bench-accounts.ts';
import { allGoOn, moment, type Fault } from '../pacing/fault-tools.ts';
import { PacingBench } from '../pacing/pacing-bench.ts';
import { runFault, wholeVerdict } from '../pacing/run-fault.ts';
import { BrokerHosts, hostsRefused, type HostNumber } from './broker-hosts.ts';

const rounds = Number(process.env['CUT_ROUNDS'] ?? 6);
/** Longer than a broker's session (4 s), a member's (6 s) and a transaction (10 s). */
const cutMs = 20_000;
const accounts = [accountAt(0, 50), accountAt(1, 50), accountAt(2, 50), accountAt(3, 50, 5)];
const refused = await hostsRefused();
if (refused !== null) console.log(`a broker cut off: skipped, ${refused}`);

const cutting = (hosts: () => BrokerHosts, link: 'clients' | 'others'): Fault['inject'] => {
  return async ({ bench, round }) => {
    const n = ((round % 3) + 1) as HostNumber;
    await bench.moreCalls(moment(round));
    await hosts().cut(n, link);
    try {
      await pause(cutMs);
    } finally {
      await hosts().heal(n, link);
    }
    await hosts().whole();
    await allGoOn(bench);
    return null;
  };
};

(refused === null ? describe : describe.skip)(`pace, rights and rows hold while, ${rounds} times,`, () => {
  let hosts: BrokerHosts;
  let bench: PacingBench;
  const folder = mkdtempSync(join(tmpdir(), 'paceline-hosts-'));
  const faults: readonly Fault[] = [
    {
      title: 'a broker is cut off from the others but not from us',
      members: ['pacer-1', 'pacer-2', 'sender-1', 'sender-2'],
      inject: cutting(() => hosts, 'others'),
    },
    {
      title: 'a broker is cut off from us but not from the others',
      members: ['pacer-1', 'pacer-2', 'sender-1', 'sender-2'],
      inject: cutting(() => hosts, 'clients'),
    },
  ];

  beforeAll(async () => {
    hosts = await BrokerHosts.start(folder);
    bench = await PacingBench.create({ accounts, kafka: hosts.addresses });
  }, 300_000);
  afterAll(async () => {
    await bench.dispose();
    await hosts.stop();
    if (process.env['PACELINE_KEEP_LOGS'] === undefined) rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  it.each(faults.flatMap((fault) => Array.from({ length: rounds }, (_, round) => [fault.title, round, fault] as const)))(
    '%s (round %i)',
    async (_, round, fault) => {
      const { violations, measures } = await runFault(bench, fault, { round, form: 'long' });
      expect({ violations, closed: Object.values(measures.outcomes).reduce((sum, n) => sum + n, 0) }).toEqual({
        violations: [],
        closed: measures.rows,
      });
    },
    600_000,
  );

  it('and over all of it together', async () => {
    expect((await wholeVerdict(bench)).violations).toEqual([]);
  });
});
