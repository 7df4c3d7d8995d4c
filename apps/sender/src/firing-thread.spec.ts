import { UndiciCallTwilio } from '@paceline/adapter-twilio';
import { sourceFlags } from '../../../tools/source-command.mjs';
import { noCheckpoint } from './checkpoint.ts';
import { FiringInline } from './firing-inline.suite.ts';
import { FiringThread } from './firing-thread.ts';
import { firingPlacesSuite } from './firing-places.suite.ts';
import { FiringBench, firingSuite, type FiringSetup, type OpenFiring } from './firing.suite.ts';
import { systemScheduler } from './sender-ports.ts';

/** As the service itself is started from sources. */
const execArgv = sourceFlags();

async function openThread(setup: FiringSetup): Promise<OpenFiring> {
  const firing = new FiringThread({ ...setup, execArgv });
  await firing.start();
  return { firing, renew: (accounts) => firing.renew(accounts), close: () => firing.stop() };
}

function openInline({ accounts, clientTimeoutMs, ...setup }: FiringSetup): Promise<OpenFiring> {
  const twilio = new UndiciCallTwilio({ accounts, clientTimeoutMs, nowMs: () => setup.clock.monotonicMs() });
  const firing = new FiringInline({ ...setup, twilio, scheduler: systemScheduler, checkpoint: noCheckpoint });
  const open = { firing, renew: twilio.renew.bind(twilio), close: () => twilio.stop() };
  return Promise.resolve(Object.assign(open, { firing: Object.assign(firing, { disconnect: () => twilio.stop() }) }));
}

describe('firing in the same thread', () => firingSuite(openInline));
describe('places in flight, in the same thread', () => firingPlacesSuite(openInline));
describe('places in flight, in a thread of its own', () => firingPlacesSuite(openThread));

describe('firing in a thread of its own', () => {
  firingSuite(openThread);

  it('tells once that it died, and what it had taken can be told from the table', async () => {
    const bench = new FiringBench();
    let thread: FiringThread | null = null;
    await bench.start(async (setup) => {
      thread = new FiringThread({ ...setup, execArgv });
      await thread.start();
      return { firing: thread, renew: () => undefined, close: () => thread?.stop() ?? Promise.resolve() };
    });
    bench.answers.isSilent = true;
    const [called, waiting] = [bench.claim(0), bench.claim(60_000)];
    bench.firing.hand([called, waiting]);
    await bench.until('fired', 1);
    // A message of no known shape: the thread fails on it.
    bench.firing.hand(null as never);
    await bench.when(() => bench.deaths.length > 0);
    expect(bench.deaths).toHaveLength(1);
    expect([bench.pending.lastSeen(called.cell), bench.pending.lastSeen(waiting.cell)]).toEqual(['fired', 'never-fired']);
    expect((thread as FiringThread | null)?.alive()).toBe('the firing thread is dead');
    await bench.close();
  });
});
