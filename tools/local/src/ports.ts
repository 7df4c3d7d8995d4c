import { createServer } from 'node:net';
import { StackError } from './stack-error.ts';

export const loopback = '127.0.0.1';
export const defaultPortBase = 18_080;

/** Distance of each port from the base. */
export const portOffsets = {
  simulator: 0,
  kafka: 1,
  controller: 2,
  registry: 3,
  clickhouse: 4,
  collector: 5,
  ingestor: 11,
  pacer: 12,
  sender: 13,
  'error-router': 14,
  archiver: 15,
} as const;

export type PortName = keyof typeof portOffsets;

export function portOf(base: number, name: PortName): number {
  return base + portOffsets[name];
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: loopback, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Refuses the start with one line when somebody else listens where `what` should. */
export async function requireFreePorts(ports: readonly number[], what: string): Promise<void> {
  for (const port of ports) {
    if (await isFree(port)) continue;
    throw new StackError(
      `port ${port} on ${loopback} is in use, ${what} cannot start: stop what listens there or choose other ports with --port-base N.`,
    );
  }
}
