import { maskText } from './masking.ts';
import type { ServiceDefinition } from './service.ts';
import { createService, type Service } from './start-service.ts';

const UNEXPECTED_EXIT = 1;

const exitCodeOf = (error: unknown): number => {
  const { exitCode } = (error ?? {}) as { exitCode?: unknown };
  return typeof exitCode === 'number' ? exitCode : UNEXPECTED_EXIT;
};

function complain(name: string, error: unknown): void {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n').filter((line) => line.trim() !== '');
  process.stderr.write(lines.map((line) => `${name}: ${maskText(line)}\n`).join(''));
}

/** Ends the process at once: nothing is committed, nothing is waited for. The log line is written before. */
function crash(name: string, service: Service | undefined, error: unknown): never {
  if (service === undefined) complain(name, error);
  else service.logger.fatal({ err: error instanceof Error ? error : new Error(String(error)) }, 'ended by an unexpected error');
  process.exit(UNEXPECTED_EXIT);
}

async function stopAndExit(service: Service | undefined, signal: NodeJS.Signals): Promise<never> {
  service?.logger.info({ signal }, 'stopping');
  const clean = (await service?.stop()) ?? true;
  service?.logger.info({ signal }, clean ? 'stopped' : 'stopped, not everything in time');
  process.exit(clean ? (process.exitCode ?? 0) : UNEXPECTED_EXIT);
}

/**
 * Runs a service as this process until a signal or a failure ends it. Exit codes: 0 stopped by a signal (a part that must
 * end the process sets another one and raises SIGTERM), 1 unexpected error or a stop beyond its deadline, 2 configuration
 * (every problem on stderr), 5 something around it is missing.
 */
export async function runService<C extends object>(definition: ServiceDefinition<C>): Promise<void> {
  const { name } = definition;
  let service: Service | undefined;
  let stopping = false;
  const onCrash = (error: unknown): void => crash(name, service, error);
  process.on('uncaughtException', onCrash);
  process.on('unhandledRejection', onCrash);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // Later signals change nothing: a terminal's Ctrl-C and its parent's SIGTERM come together, and the deadline bounds it.
      if (stopping) return;
      stopping = true;
      stopAndExit(service, signal).catch(onCrash);
    });
  }
  try {
    service = await createService(definition, { env: process.env, fail: onCrash });
    await service.start();
  } catch (error) {
    if (stopping) return;
    stopping = true;
    complain(name, error);
    service?.logger.debug({ err: error }, 'not started');
    await service?.stop();
    process.exit(exitCodeOf(error));
  }
}
