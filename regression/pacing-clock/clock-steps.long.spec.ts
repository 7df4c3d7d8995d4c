// The pacer's wall clock is set forward and back while it grants: the pace holds in every era, no right is used twice, and
// rows whose slots nobody can use come back until the clocks agree again.
import { connectKafka } from '@paceline/adapter-kafka';
import { eventually, QuietLogger } from '@paceline/testing';
import { accountAt } from '../pacing/bench-accounts.ts';
import type { History, SlotFact } from '../pacing/history.ts';
import { judge } from '../pacing/judge.ts';
import { PacingBench } from '../pacing/pacing-bench.ts';
import { ServiceProcess } from '../pacing/service-process.ts';
import { faketimeLibrary, SteppedClock, type ClockStep } from './stepped-clock.ts';

const hour = 3_600;
const secondMicros = 1_000_000;
const account = accountAt(0, 100);
const rows = 1_100;
/** Calls at this pace outlast the session of a member that is not heard of. */
const sessionOfCalls = 750;

/** The bench's pacer gives way to one under a clock of ours. */
async function pacerUnder(clock: SteppedClock, bench: PacingBench): Promise<ServiceProcess> {
  const { plan } = bench.process('pacer-1');
  await bench.stop('pacer-1');
  return ServiceProcess.spawn({ ...plan, env: { ...plan.env, ...clock.env } });
}

async function returned(bench: PacingBench, reason: string, count: number): Promise<void> {
  await eventually(`${count} slots came back as ${reason}`, async () => {
    const { returns } = await bench.evidence.history(bench.rows);
    return returns.filter((one) => one.reason === reason).length >= count;
  });
}

/** Client ids of who is in a group, by the broker's word. */
async function membersOf(group: string, brokers: string): Promise<readonly string[]> {
  const admin = connectKafka({ brokers: brokers.split(','), clientId: 'clock-steps' }, new QuietLogger()).kafka.admin();
  await admin.connect();
  try {
    const { groups } = await admin.describeGroups([group]);
    return groups.flatMap((one) => one.members.map(({ clientId }) => clientId));
  } finally {
    await admin.disconnect();
  }
}

/** Slots by era, eras in order. */
function erasOf({ slots }: History): readonly (readonly SlotFact[])[] {
  const eras = [...new Set(slots.map(({ era }) => era))].sort((a, b) => a - b);
  return eras.map((era) => slots.filter((slot) => slot.era === era));
}

const firstSlot = (slots: readonly SlotFact[]): number => slots.reduce((first, { slotAt }) => Math.min(first, slotAt), Infinity);

const missing = "needs libfaketimeMT.so.1, Debian's package faketime, which is not installed";

(faketimeLibrary === null ? describe.skip : describe)(
  `the wall clock of the pacer steps${faketimeLibrary === null ? ` (${missing})` : ''}`,
  () => {
    let clock: SteppedClock;
    let bench: PacingBench;
    let pacer: ServiceProcess;
    let history: History;
    let members: readonly string[];
    const steps: ClockStep[] = [];

    beforeAll(async () => {
      clock = new SteppedClock(faketimeLibrary ?? '');
      bench = await PacingBench.create({ accounts: [account] });
      pacer = await pacerUnder(clock, bench);
      await pacer.ready();
      await bench.feed([{ account, rows }]);
      await bench.moreCalls(100);
      steps.push(clock.setTo(hour));
      await returned(bench, 'clock-ahead', 10);
      steps.push(clock.setTo(0));
      await bench.moreCalls(sessionOfCalls);
      members = await membersOf('paceline-pacer', pacer.plan.env['KAFKA_BROKERS'] ?? '');
      steps.push(clock.setTo(-hour));
      await returned(bench, 'late', 200);
      steps.push(clock.setTo(0));
      await bench.closed(bench.rows);
      history = await bench.evidence.history(bench.rows, 'whole');
    }, 240_000);

    afterAll(async () => {
      await pacer?.kill();
      await bench?.dispose();
      clock?.dispose();
    }, 60_000);

    it('and no limit is exceeded in any second of an era, no right is used twice, no row is lost', () => {
      const { violations, measures } = judge(history, bench);
      expect({ violations, died: [...bench.died(), ...(pacer.died ? ['pacer'] : [])] }).toEqual({ violations: [], died: [] });
      expect(measures.outcomes).toEqual({ 'accepted: accepted': rows });
    });

    it('and a new era begins with each step back, and with no step forward', () => {
      expect(erasOf(history).map(([first]) => first?.era)).toEqual([1, 2, 3]);
    });

    it('and a second passes before the first slot of a new era', () => {
      const [, second = [], third = []] = erasOf(history);
      const [, back, below] = steps;
      expect(firstSlot(second)).toBeGreaterThan((back?.at ?? 0) + secondMicros);
      expect(firstSlot(third) + hour * secondMicros).toBeGreaterThan((below?.at ?? 0) + secondMicros);
    });

    // The Kafka client times its heartbeats by the wall clock: after a step back it is silent until the clock has caught up.
    it('and the pacer stays a member of its group after a step back', () => {
      expect(members).toEqual([expect.stringContaining(`pacer-${pacer.pid}`)]);
    });

    it('and slots stamped in the future come back unused, and their rows are called later', () => {
      const ahead = new Set(history.returns.filter(({ reason }) => reason === 'clock-ahead').map(({ requestId }) => requestId));
      const called = new Set(history.arrivals.filter(({ accepted }) => accepted).map(({ requestId }) => requestId));
      expect(ahead.size).toBeGreaterThan(0);
      expect([...ahead].filter((requestId) => !called.has(requestId))).toEqual([]);
    });
  },
);
