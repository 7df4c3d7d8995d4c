// Everything is there, but somebody does not answer: what the others must bear, and what must not be lost.
import { setTimeout as pause } from 'node:timers/promises';
import { allGoOn, moment, ownersOfSlots, type FaultContext, type MoreJudgement } from './fault-tools.ts';

/** Longer than a session, and in the long form a minute. */
const outageMs = ({ form }: FaultContext): number => (form === 'long' ? 60_000 : 8_000);

export async function blockSender(context: FaultContext): Promise<null> {
  const { bench, round } = context;
  await bench.stop('sender-1');
  const env = { BLOCKED_MS: String(outageMs(context)) };
  await bench.members.startWith('sender-1', { preload: 'regression/pacing/blocked-loop.mjs', env });
  await ownersOfSlots(bench);
  await bench.moreCalls(moment(round));
  bench.process('sender-1').signal('SIGUSR2');
  await allGoOn(bench);
  // What it does when it wakes is what the judge is here for.
  await bench.process('sender-1').ready();
  await bench.moreCalls(100);
  return null;
}

export async function freezeBroker(context: FaultContext): Promise<null> {
  const { bench, round } = context;
  await bench.moreCalls(moment(round));
  await bench.brokers.withAllFrozen(() => pause(outageMs(context)));
  await allGoOn(bench);
  return null;
}

/** As when the lid of a laptop is closed: nobody sees the time pass, and afterwards everybody's is over. */
export async function suspendAll(context: FaultContext): Promise<null> {
  const { bench, round } = context;
  await bench.moreCalls(moment(round));
  const processes = (['pacer-1', 'sender-1', 'error-router', 'simulator'] as const).map((member) => bench.process(member));
  await bench.brokers.withAllFrozen(async () => {
    for (const process of processes) process.freeze();
    await pause(outageMs(context));
    for (const process of processes) process.thaw();
  });
  await allGoOn(bench);
  return null;
}

export async function stopRegistry({ bench, round }: FaultContext): Promise<MoreJudgement> {
  await bench.moreCalls(moment(round));
  let said = '';
  await bench.withoutRegistry(async () => {
    await allGoOn(bench);
    said = await bench.members.startInVain('sender-2');
    await bench.moreCalls(100);
  });
  await bench.members.start('sender-2');
  await ownersOfSlots(bench);
  return () => (/registry|ECONNREFUSED|schema/i.test(said) ? [] : [`a sender without a registry ended without naming it: ${said}`]);
}
