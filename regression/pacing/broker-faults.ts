// What can happen to the brokers of a cluster while pacers and senders work. Judged as every other fault; the pauses are told.
import { setTimeout as pause } from 'node:timers/promises';
import { groups, type TopicName } from '@paceline/contracts';
import type { BrokerNumber } from '@paceline/local';
import { systemClock } from '@paceline/testing';
import { allGoOn, moment, type Fault, type FaultContext, type MoreJudgement } from './fault-tools.ts';
import type { Member } from './members.ts';
import { secondMicros } from './windows.ts';

const pairs: readonly Member[] = ['pacer-1', 'pacer-2', 'sender-1', 'sender-2'];

/** As long as a broker is away that dies: longer than the cluster takes to notice it. */
const awayMs = 8_000;
/** Longer than the session that a broker has with the controller (4 s here). */
const frozenMs = 12_000;
const twoAwayMs = 20_000;

/** What was claimed before the second broker went may still be called: the lead of a claim, and the way to the server. */
const lastCallsMicros = 1.5 * secondMicros;

async function diesAndReturns({ bench }: FaultContext, n: BrokerNumber): Promise<void> {
  await bench.brokers.kill(n);
  await pause(awayMs);
  await bench.brokers.start(n);
  await bench.brokers.whole();
}

async function killEach(context: FaultContext): Promise<null> {
  for (const n of turns(context)) {
    await context.bench.moreCalls(moment(context.round));
    await diesAndReturns(context, n);
    await allGoOn(context.bench);
  }
  return null;
}

/** The short form touches one of three, another one in each round. */
const turns = ({ bench, form, round }: FaultContext): readonly BrokerNumber[] => {
  const { numbers } = bench.brokers;
  return form === 'long' ? numbers : [numbers[round % numbers.length] ?? 1];
};

async function rollingRestart(context: FaultContext): Promise<null> {
  const { bench, round } = context;
  await bench.moreCalls(moment(round));
  for (const n of turns(context)) {
    await bench.brokers.restart(n);
    await bench.brokers.whole();
  }
  await allGoOn(bench);
  return null;
}

const killsWho =
  (who: (context: FaultContext) => Promise<BrokerNumber> | BrokerNumber): Fault['inject'] =>
  async (context) => {
    await context.bench.moreCalls(moment(context.round));
    await diesAndReturns(context, await who(context));
    await allGoOn(context.bench);
    return null;
  };

/** With one of three left nothing can be written: no claim, and so no call. */
async function twoAway({ bench, round, form }: FaultContext): Promise<MoreJudgement> {
  await bench.moreCalls(moment(round));
  const { numbers } = bench.brokers;
  const [first, second] = [numbers[round % 3] ?? 1, numbers[(round + 1) % 3] ?? 2];
  await Promise.all([bench.brokers.kill(first), bench.brokers.kill(second)]);
  const from = systemClock.wallMicros();
  await pause(form === 'long' ? twoAwayMs : awayMs);
  const to = systemClock.wallMicros();
  await Promise.all([bench.brokers.start(first), bench.brokers.start(second)]);
  await bench.brokers.whole();
  await allGoOn(bench);
  return ({ arrivals }) => {
    const called = arrivals.filter(({ at }) => at > from + lastCallsMicros && at < to);
    return called.length === 0 ? [] : [`${called.length} calls while two of three brokers were away`];
  };
}

async function freezeEach(context: FaultContext): Promise<null> {
  const { bench, round } = context;
  for (const n of turns(context)) {
    await bench.moreCalls(moment(round));
    await bench.brokers.freeze(n);
    try {
      await pause(frozenMs);
    } finally {
      await bench.brokers.thaw(n);
    }
    await bench.brokers.whole();
    await allGoOn(bench);
  }
  return null;
}

/** What a call passes, in its order. */
const passed: readonly TopicName[] = ['paceline.requests', 'paceline.slots', 'paceline.attempts', 'paceline.responses'];

async function moveLeaders({ bench, round, form }: FaultContext): Promise<MoreJudgement> {
  await bench.moreCalls(moment(round));
  const moves = form === 'long' ? 40 : 8;
  const moved = await bench.brokers.moveLeaders(passed, moves);
  await allGoOn(bench);
  return () => (moved < moves / 2 ? [`only ${moved} of ${moves} leaders have moved: the fault did not take place`] : []);
}

/** Only where there are three brokers. */
export const brokerFaults: readonly Fault[] = [
  { title: 'each broker is killed in turn and comes back', members: pairs, inject: killEach },
  { title: 'the brokers are restarted one after the other', members: pairs, longOnly: true, inject: rollingRestart },
  {
    title: "the broker that coordinates the senders' group is killed",
    members: pairs,
    longOnly: true,
    inject: killsWho(({ bench }) => bench.brokers.coordinatorOf(groups.sender.id)),
  },
  {
    title: 'the broker that is the controller is killed',
    members: pairs,
    longOnly: true,
    inject: killsWho(({ bench }) => bench.brokers.controller()),
  },
  {
    title: 'the broker that leads the busiest partition of the slots is killed',
    members: pairs,
    longOnly: true,
    inject: killsWho(({ bench }) => bench.brokers.leaderOfBusiest('paceline.slots')),
  },
  { title: 'two of three brokers are away', members: pairs, inject: twoAway },
  { title: 'each broker stands still past its session', members: pairs, inject: freezeEach },
  { title: 'a leader is moved by hand every second', members: pairs, inject: moveLeaders },
];
