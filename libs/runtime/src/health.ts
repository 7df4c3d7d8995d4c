import type { Phase } from './lifecycle.ts';
import { maskText } from './masking.ts';

export interface HealthReport {
  readonly ok: boolean;
  readonly service: string;
  readonly instance: string;
  readonly phase: Phase;
  readonly parts: Readonly<Record<string, string>>;
}

/** What can say how it is: a part or a strategy. */
export interface Observed {
  readonly name: string;
  ready?(): true | string;
  alive?(): true | string;
}

export interface HealthOptions {
  readonly service: string;
  readonly instance: string;
  phase(): Phase;
  readonly observed: readonly Observed[];
}

const answer = (ask: (() => true | string) | undefined): string => {
  try {
    const told = ask?.() ?? true;
    return told === true ? 'ok' : maskText(told);
  } catch (error) {
    return maskText(`failed: ${(error as Error).message}`);
  }
};

function report(options: HealthOptions, question: 'ready' | 'alive', phases: readonly Phase[]): HealthReport {
  const { service, instance, observed } = options;
  const phase = options.phase();
  const parts = Object.fromEntries(observed.map((one) => [one.name, answer(one[question]?.bind(one))]));
  return { ok: phases.includes(phase) && Object.values(parts).every((told) => told === 'ok'), service, instance, phase, parts };
}

/** Should work be given to it? Only when started and every part says so. */
export const readiness = (options: HealthOptions): HealthReport => report(options, 'ready', ['ready']);

/** Should it be restarted? Not while it starts or stops; only when a part or a consumer says that it is dead. */
export const liveness = (options: HealthOptions): HealthReport => report(options, 'alive', ['starting', 'ready', 'stopping', 'stopped']);
