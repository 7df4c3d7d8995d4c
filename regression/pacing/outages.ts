// Everything is there, but somebody does not answer, or is replaced: what the others must bear, and what must not be lost.
import { allGoOn, moment, ownersOfSlots, type FaultContext, type MoreJudgement } from './fault-tools.ts';

/** Longer than a session, and in the long form a minute. */
const outageMs = ({ form }: FaultContext): number => (form === 'long' ? 60_000 : 8_000);

export async function blockSender(context: FaultContext): Promise<null> {
  const { bench, round } = context;
  await bench.stop('sender-1');
  await bench.members.startWith('regression/pacing/blocked-loop.mjs', 'sender-1', { BLOCKED_MS: String(outageMs(context)) });
  await ownersOfSlots(bench);
  await bench.moreCalls(moment(round));
  bench.process('sender-1').signal('SIGUSR2');
  await allGoOn(bench);
  await bench.moreCalls(100);
  return null;
}

/** One after the other, each by SIGTERM, each replaced before the next goes. */
export async function replaceAll({ bench, round }: FaultContext): Promise<MoreJudgement> {
  await bench.moreCalls(moment(round));
  for (const member of ['sender-1', 'pacer-1', 'error-router', 'sender-2', 'pacer-2'] as const) {
    await bench.stop(member);
    await bench.members.start(member);
    await bench.moreCalls(30);
  }
  return ({ outcomes }) => {
    const doubts = outcomes.filter(({ outcome }) => outcome === 'unknown').length;
    return doubts === 0 ? [] : [`${doubts} rows ended unknown though every process had time to end in order`];
  };
}
