// The pacer's wall clock is set forward and back while it grants: the pace holds in every era, no right is used twice, and
// rows whose slots nobody can use come back until the clocks agree again.
import { eventually } from '@paceline/testing';
import { paceOf } from './bench-accounts.ts';
import { moment, type FaultContext, type MoreJudgement } from './fault-tools.ts';
import { groupBy, type SlotFact } from './history.ts';
import type { PacingBench } from './pacing-bench.ts';
import { SteppedClock } from './stepped-clock.ts';
import { secondMicros } from './windows.ts';

const hour = 3_600;
/** A member that is silent for so long is none any more. */
const sessionSeconds = 7.5;
/** So many slots of an account come back before its pacer is taken to have seen the step. */
const returnsEach = 5;

/** The module in the short form, on any machine; libfaketime in the long one, where it is installed. */
export async function stepClock({ bench, round, form }: FaultContext): Promise<MoreJudgement> {
  const clock = new SteppedClock();
  try {
    await bench.stop('pacer-1');
    await bench.members.startWith('pacer-1', (form === 'long' ? clock.byFaketime : null) ?? clock.byModule);
    await bench.moreCalls(moment(round));
    const judgement = await stepAllWays(bench, clock);
    await bench.stop('pacer-1');
    await bench.members.start('pacer-1');
    return judgement;
  } finally {
    clock.dispose();
  }
}

async function stepAllWays(bench: PacingBench, clock: SteppedClock): Promise<MoreJudgement> {
  await untilReturned(bench, 'clock-ahead', () => clock.setTo(hour));
  const back = clock.setTo(0);
  // The Kafka client times its heartbeats by the wall clock: untended it is silent until the clock has caught up.
  await Promise.all(bench.accounts.map((account) => bench.moreCalls(Math.ceil(paceOf(account) * sessionSeconds), account)));
  const members = await bench.evidence.clientsOf('paceline-pacer');
  let below = 0;
  await untilReturned(bench, 'late', () => (below = clock.setTo(-hour)));
  clock.setTo(0);
  const isMember = members.some((clientId) => clientId.includes(`pacer-${bench.process('pacer-1').pid}`));
  const silent = isMember ? [] : [`after a step back the pacer was no member of its group: ${members.join(', ')}`];
  return ({ slots, returns, arrivals }) => {
    const called = new Set(arrivals.filter(({ accepted }) => accepted).map(({ requestId }) => requestId));
    const uncalled = returns.filter(({ reason, requestId }) => reason === 'clock-ahead' && !called.has(requestId));
    return [
      ...silent,
      ...uncalled.map(({ requestId }) => `${requestId}: came back from the future and was never called`),
      ...bench.accounts.flatMap(({ name }) => erasOf(name, slots, [back, below])),
    ];
  };
}

/** Does it, and waits until slots of every account have come back for this reason since. */
async function untilReturned(bench: PacingBench, reason: string, doIt: () => void): Promise<void> {
  const counts = async (): Promise<ReadonlyMap<string, number>> => {
    const returns = (await bench.evidence.returns()).filter((one) => one.reason === reason);
    return new Map([...groupBy(returns, ({ account }) => account)].map(([account, own]) => [account, own.length]));
  };
  const before = await counts();
  doIt();
  await eventually(`slots of every account came back as ${reason}`, async () => {
    const now = await counts();
    return bench.accounts.every(({ name }) => (now.get(name) ?? 0) >= (before.get(name) ?? 0) + returnsEach);
  });
}

/** A new era with each step back, none with a step forward; a second passes before its first slot. */
function erasOf(account: string, slots: readonly SlotFact[], stepsBack: readonly number[]): readonly string[] {
  const own = groupBy(
    slots.filter((slot) => slot.account === account),
    ({ era }) => String(era),
  );
  const numbers = [...own.keys()].map(Number).sort((a, b) => a - b);
  const [first = 0] = numbers;
  const wanted = [first, ...stepsBack.map((_, n) => first + n + 1)];
  if (numbers.join() !== wanted.join()) return [`${account}: slots in the eras ${numbers.join(', ')}, not ${wanted.join(', ')}`];
  return stepsBack.flatMap((at, n) => {
    const firstSlot = (own.get(String(first + n + 1)) ?? []).reduce((least, { slotAt }) => Math.min(least, slotAt), Infinity);
    return firstSlot > at + secondMicros ? [] : [`${account}: a slot ${firstSlot - at} us after the clock was set back`];
  });
}
