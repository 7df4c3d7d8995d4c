import { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';

const BAD_SETTINGS = 2;
const NO_STACK = 5;

/** The simulator as a process: one line when ready, a clean stop on a signal, one line and an exit code when it cannot start. */
export async function startOrExit(config: () => SimulatorOptions): Promise<void> {
  const options = attempt(config);
  const simulator = await startSimulator(options).catch((error: unknown) => exit(error, NO_STACK));
  process.stdout.write(`simulator ready at ${simulator.url}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(simulator));
}

function attempt(config: () => SimulatorOptions): SimulatorOptions {
  try {
    return config();
  } catch (error) {
    return exit(error, BAD_SETTINGS);
  }
}

async function stop(simulator: Simulator): Promise<void> {
  await simulator.stop();
  process.exit(0);
}

function exit(error: unknown, code: number): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(code);
}
