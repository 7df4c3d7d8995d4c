// The faults that pacer and sender must survive, each as what is done to the processes of a run. They wait for facts only.
import { eventually, systemClock } from '@paceline/testing';
import type { BenchAccount } from './bench-accounts.ts';
import { stepClock } from './clock-steps.ts';
import { deployAndTakeBack, replaceAll } from './deploys.ts';
import { allGoOn, moment, ownersOfSlots, type Fault, type FaultContext, type MoreJudgement } from './fault-tools.ts';
import { groupBy } from './history.ts';
import type { Member } from './members.ts';
import { blockSender, freezeBroker, stopRegistry, suspendAll } from './outages.ts';
import { longestGap, secondMicros } from './windows.ts';

/** Kafka's session of our groups, and what a takeover may need after it. */
const resumeMicros = 11 * secondMicros;
/** Longest pause of who has no fault: a rebalance of its group, far below the fault it must not notice (5 s and more). */
const shortStallMicros = 2.5 * secondMicros;

const single: readonly Member[] = ['pacer-1', 'sender-1'];
const pairs: readonly Member[] = ['pacer-1', 'pacer-2', 'sender-1', 'sender-2'];

const killed =
  (member: Member): Fault['inject'] =>
  async ({ bench, round }) => {
    await bench.moreCalls(moment(round));
    await bench.process(member).kill();
    await bench.members.start(member);
    return null;
  };

/** In each group, no time longer than a session and a takeover passes without an instant. */
function resumed<T>(items: readonly T[], keyOf: (item: T) => string, atOf: (item: T) => number): readonly string[] {
  return [...groupBy(items, keyOf)].flatMap(([key, group]) => {
    const gap = longestGap(group.map(atOf));
    return gap > resumeMicros ? [`${key}: nothing for ${(gap / secondMicros).toFixed(1)} s`] : [];
  });
}

const resumedInTime: MoreJudgement = ({ slots, arrivals }) => [
  ...resumed(
    slots,
    ({ account }) => `slots of ${account}`,
    ({ slotAt }) => slotAt,
  ),
  ...resumed(
    arrivals,
    ({ account }) => `calls of ${account}`,
    ({ at }) => at,
  ),
];

interface Span {
  /** The time before the fault begins here: what the machine itself made these accounts wait is known from it. */
  readonly before: number;
  readonly from: number;
  readonly to: number;
}

/**
 * While another has a fault these accounts are called on: no pause longer than a rebalance, or than thrice the longest
 * that they had just before it on this machine.
 */
const undisturbed =
  (accounts: readonly BenchAccount[], { before, from, to }: Span): MoreJudgement =>
  ({ arrivals }) =>
    accounts.flatMap(({ name }) => {
      const within = (begin: number, end: number): readonly number[] =>
        arrivals.filter(({ account, at }) => account === name && at >= begin && at < end).map(({ at }) => at);
      const during = within(from, to);
      const gap = longestGap(during, from);
      const most = Math.max(shortStallMicros, 3 * longestGap(within(before, from)));
      if (during.length > 0 && gap <= most) return [];
      return [
        `${name}: not called for ${(gap / secondMicros).toFixed(2)} s though it had no fault (${(most / secondMicros).toFixed(2)} s allowed)`,
      ];
    });

async function hangSender({ bench, form }: FaultContext): Promise<MoreJudgement> {
  const [, undisturbedAccount] = bench.accounts;
  if (undisturbedAccount === undefined) throw new Error('two accounts are needed');
  const hung = bench.process('sender-1');
  const owners = await ownersOfSlots(bench);
  const mine = [...owners].filter(([, pid]) => pid !== hung.pid).map(([partition]) => partition);
  bench.confine(undisturbedAccount, mine);
  const before = systemClock.wallMicros();
  await bench.moreCalls(undisturbedAccount.callsPerSecond * 4, undisturbedAccount);
  hung.freeze();
  const from = systemClock.wallMicros();
  try {
    const until = performance.now() + (form === 'long' ? 60_000 : 0);
    const other = bench.process('sender-2').pid;
    await eventually('the other sender has every partition', async () =>
      [...(await ownersOfSlots(bench)).values()].every((pid) => pid === other),
    );
    await eventually('the time of the hang is over', () => performance.now() >= until, 90_000);
  } finally {
    hung.thaw();
    bench.confine(undisturbedAccount, null);
  }
  const to = systemClock.wallMicros();
  return undisturbed([undisturbedAccount], { before, from, to });
}

async function hangServer({ bench }: FaultContext): Promise<MoreJudgement> {
  const [hanging, ...others] = bench.accounts.filter(({ lanes }) => lanes.size === 0);
  const [other] = others;
  if (hanging === undefined || other === undefined) throw new Error('two accounts are needed');
  await bench.moreCalls(other.callsPerSecond / 2, other);
  const before = systemClock.wallMicros();
  await bench.moreCalls(other.callsPerSecond, other);
  await bench.simulate('POST', '/_sim/faults', { match: { account: hanging.sid }, action: { type: 'hang' } });
  const from = systemClock.wallMicros();
  await bench.moreCalls(other.callsPerSecond * 5, other);
  const to = systemClock.wallMicros();
  await bench.simulate('DELETE', '/_sim/faults');
  return undisturbed(others, { before, from, to });
}

async function freezePacer({ bench, round }: FaultContext): Promise<null> {
  await bench.moreCalls(moment(round));
  const zombie = bench.process(round % 2 === 0 ? 'pacer-1' : 'pacer-2');
  zombie.freeze();
  try {
    await allGoOn(bench);
  } finally {
    zombie.thaw();
  }
  await bench.moreCalls(100);
  return null;
}

async function rebalance({ bench, form }: FaultContext): Promise<null> {
  for (let turn = 0; turn < (form === 'long' ? 4 : 1); turn += 1) {
    await bench.members.start('pacer-2', 'sender-2');
    await bench.moreCalls(100);
    await bench.stop('pacer-2', 'sender-2');
    await bench.moreCalls(50);
  }
  return null;
}

async function killOneOfEach({ bench, round }: FaultContext): Promise<MoreJudgement> {
  await bench.moreCalls(moment(round));
  const [pacer, sender] = round % 2 === 0 ? (['pacer-1', 'sender-1'] as const) : (['pacer-2', 'sender-2'] as const);
  await Promise.all([bench.process(pacer).kill(), bench.process(sender).kill()]);
  await allGoOn(bench);
  return resumedInTime;
}

async function restartBroker({ bench, round }: FaultContext): Promise<null> {
  await bench.moreCalls(moment(round));
  await bench.brokers.restartAll();
  await bench.moreCalls(100);
  return null;
}

async function stallPacer({ bench }: FaultContext): Promise<null> {
  const pacers = (['pacer-1', 'pacer-2'] as const).filter((member) => bench.members.runs(member));
  await bench.stop(...pacers);
  await Promise.all(pacers.map((member) => bench.members.startWith(member, { preload: 'regression/pacing/stalling-loop.mjs' })));
  await allGoOn(bench);
  return null;
}

/** In the order that restarts the fewest processes. */
export const faults: readonly Fault[] = [
  { title: 'the pacer is killed', members: single, longOnly: true, inject: killed('pacer-1') },
  { title: 'the sender is killed', members: single, longOnly: true, inject: killed('sender-1') },
  { title: 'a second pacer and a second sender join and leave', members: single, longOnly: true, inject: rebalance },
  { title: 'one of two pacers stands still past its session and goes on', members: pairs, inject: freezePacer },
  { title: 'one of two senders hangs', members: pairs, inject: hangSender },
  { title: 'the server of one account hangs', members: pairs, inject: hangServer },
  { title: 'one of two pacers and one of two senders are killed', members: pairs, inject: killOneOfEach },
  { title: 'every pacer, sender and router is replaced, one after the other', members: pairs, longOnly: true, inject: replaceAll },
  {
    title: 'the next version is deployed to half of the processes and taken back',
    members: pairs,
    longOnly: true,
    inject: deployAndTakeBack,
  },
  { title: 'the event loop of one of two senders is blocked past its session', members: pairs, longOnly: true, inject: blockSender },
  { title: 'the broker answers nobody', members: single, longOnly: true, inject: freezeBroker },
  { title: 'the whole machine is suspended', members: single, longOnly: true, inject: suspendAll },
  { title: 'the schema registry is away, and a sender starts meanwhile', members: single, longOnly: true, inject: stopRegistry },
  { title: "the pacer's clock is set an hour forward, back, and an hour back", members: single, longOnly: true, inject: stepClock },
  { title: 'the broker is restarted', members: null, longOnly: true, inject: restartBroker },
  { title: "the pacer's event loop is blocked 4 ms in every 20", members: null, inject: stallPacer },
];

export const shortFaults = faults.filter(({ longOnly }) => longOnly !== true);
