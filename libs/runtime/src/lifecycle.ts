import type { Logger } from 'pino';
import type { Part, ServiceStrategy } from './service.ts';

/** A failure at start, with the code the process should exit with; the message is the one line that is shown. */
export class StartFailed extends Error {
  override readonly name = 'StartFailed';
  readonly exitCode: number;

  constructor(message: string, options: { readonly exitCode: number; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode;
  }
}

/** Something is missing around us: port, broker, disk. */
export const STACK_EXIT = 5;

export function startFailed(what: string, cause: unknown): StartFailed {
  const { exitCode } = (cause ?? {}) as { exitCode?: unknown };
  const message = cause instanceof Error ? cause.message : String(cause);
  const told = message === '' ? ((cause as { code?: string } | undefined)?.code ?? 'unknown error') : message;
  return new StartFailed(`${what}: ${told}`, { exitCode: typeof exitCode === 'number' ? exitCode : STACK_EXIT, cause });
}

export interface LifecycleOptions {
  readonly parts: readonly Part[];
  readonly strategies: readonly ServiceStrategy[];
  listen(strategy: ServiceStrategy): Promise<unknown>;
  readonly logger: Logger;
}

export type Phase = 'starting' | 'ready' | 'stopping' | 'stopped';

interface Step {
  readonly name: string;
  stop(): unknown;
}

export const strategyName = (strategy: ServiceStrategy): string => strategy.name ?? strategy.constructor.name;

/**
 * Starts parts in order, then strategies; stops what was started, strategies first and parts in reverse, under one
 * deadline. A step that fails or hangs at stop never keeps the later ones from being stopped.
 */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #started: Step[] = [];
  #phase: Phase = 'starting';
  #stopping: Promise<boolean> | undefined;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  get phase(): Phase {
    return this.#phase;
  }

  async start(): Promise<void> {
    for (const part of this.#options.parts) {
      await this.#run(part.name, () => part.start(), { name: part.name, stop: () => part.stop() });
    }
    for (const strategy of this.#options.strategies) {
      const name = strategyName(strategy);
      await this.#run(name, () => this.#options.listen(strategy), { name, stop: () => strategy.close() as unknown });
    }
    if (this.#phase === 'starting') this.#phase = 'ready';
  }

  /** Resolves to true when everything stopped in time and without an error. The deadline is in milliseconds. */
  stop(deadlineMs: number): Promise<boolean> {
    this.#stopping ??= this.#stop(deadlineMs);
    return this.#stopping;
  }

  async #run(name: string, start: () => Promise<unknown>, step: Step): Promise<void> {
    if (this.#phase !== 'starting') throw new StartFailed(`${name}: not started, the service is stopping`, { exitCode: 0 });
    // Pushed before: a part that failed half-way has something to stop too.
    this.#started.push(step);
    const since = performance.now();
    try {
      await start();
    } catch (error) {
      throw startFailed(name, error);
    }
    this.#options.logger.debug({ part: name, ms: Math.round(performance.now() - since) }, 'started');
  }

  async #stop(deadlineMs: number): Promise<boolean> {
    this.#phase = 'stopping';
    const until = performance.now() + deadlineMs;
    let clean = true;
    for (const step of this.#started.toReversed()) {
      clean = (await this.#stopStep(step, until - performance.now())) && clean;
    }
    this.#phase = 'stopped';
    return clean;
  }

  async #stopStep(step: Step, leftMs: number): Promise<boolean> {
    const { logger } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), Math.max(0, leftMs));
    });
    try {
      const ended = await Promise.race([Promise.resolve(step.stop()).then(() => 'done' as const), late]);
      if (ended === 'late') logger.error({ part: step.name }, 'did not stop before the deadline');
      else logger.debug({ part: step.name }, 'stopped');
      return ended === 'done';
    } catch (error) {
      logger.error({ part: step.name, err: error }, 'failed to stop');
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
