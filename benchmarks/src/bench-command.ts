// A benchmark as a process. Exit codes: 0 all bars met, 1 a bar missed, 2 usage, 5 cannot run, 130 interrupted.
import { hasProcStat } from './world/proc-stat.ts';

/** To people; standard output is for results. */
export const print = (line: string): void => void process.stderr.write(`${line}\n`);
export const say = (text: string): void => void process.stdout.write(`${text}\n`);

export interface BenchCommand<O> {
  readonly usage: string;
  /** Throws with a sentence when an argument is not understood. */
  readonly options: () => O;
  /** It counts processor time, which only Linux tells of other processes. */
  readonly needsProcStat: boolean;
  /** Resolves to the exit code. */
  readonly run: (options: O) => Promise<number>;
}

/** Runs a benchmark as this process; never returns. */
export async function runCommand<O>(command: BenchCommand<O>): Promise<never> {
  process.exitCode = await exitCodeOf(command).catch((error: unknown) => {
    print(error instanceof Error ? error.message : String(error));
    return 5;
  });
  process.exit();
}

async function exitCodeOf<O>({ usage, options: read, needsProcStat, run }: BenchCommand<O>): Promise<number> {
  if (process.argv.includes('--help')) {
    print(usage);
    return 0;
  }
  let options: O;
  try {
    options = read();
  } catch (error) {
    print(`${(error as Error).message}\n${usage}`);
    return 2;
  }
  if (!needsProcStat || hasProcStat()) return run(options);
  print('this benchmark counts processor time by /proc, which this system does not have');
  return 5;
}

/** For work that starts processes: it rejects when the signal fires, with all that it started stopped; 130 then. */
export async function interruptible(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const cancel = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancel.abort(new Error('interrupted')));
  try {
    return await work(cancel.signal);
  } catch (error) {
    if (!cancel.signal.aborted) throw error;
    print('interrupted; everything that was started is stopped');
    return 130;
  }
}
