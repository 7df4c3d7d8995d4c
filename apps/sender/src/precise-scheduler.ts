import type { Clock } from '@paceline/pipeline';
import type { Scheduler } from './sender-ports.ts';

/** Timers are good to about a millisecond; nearer than this the thread stands still until the instant. */
const standStillMs = 1.2;

/**
 * For a thread that has nothing else to do: a timer up to the last millisecond, then a wait of the whole thread, which
 * ends within about 0.1 ms and costs no CPU. Answers that arrive meanwhile wait no longer than that, and always get a
 * turn of the loop before the next wait.
 */
export function preciseScheduler(clock: Pick<Clock, 'monotonicMs'>): Scheduler {
  const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  return {
    after: (ms, run) => {
      const untilMs = clock.monotonicMs() + ms;
      let cancel = (): void => undefined;
      const step = (): void => {
        const leftMs = untilMs - clock.monotonicMs();
        if (leftMs > standStillMs) {
          const timer = setTimeout(step, Math.max(1, Math.floor(leftMs - standStillMs / 2)));
          cancel = () => clearTimeout(timer);
          return;
        }
        const turn = setImmediate(() => {
          const shortMs = untilMs - clock.monotonicMs();
          if (shortMs > 0) Atomics.wait(never, 0, 0, shortMs);
          run();
        });
        cancel = () => clearImmediate(turn);
      };
      step();
      return () => cancel();
    },
  };
}
