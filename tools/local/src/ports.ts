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
  // Beyond what services and benchmarks use, which follow the first broker's ports.
  'kafka-2': 24,
  'controller-2': 25,
  'kafka-3': 26,
  'controller-3': 27,
} as const;

export type PortName = keyof typeof portOffsets;

export function portOf(base: number, name: PortName): number {
  return base + portOffsets[name];
}

/** One broker, or three of one cluster: two would need both to agree. */
export type BrokerCount = 1 | 3;

export function isBrokerCount(count: number): count is BrokerCount {
  return count === 1 || count === 3;
}

/** Name and ports of one broker. Each is a controller as well. */
export interface BrokerPorts {
  readonly name: string;
  readonly port: number;
  readonly controllerPort: number;
}

/** A lone broker is called `kafka`; of three each has its number, from 1. */
export function brokersOf(base: number, count: BrokerCount): readonly BrokerPorts[] {
  const first = { port: portOf(base, 'kafka'), controllerPort: portOf(base, 'controller') };
  if (count === 1) return [{ name: 'kafka', ...first }];
  return [
    { name: 'kafka-1', ...first },
    { name: 'kafka-2', port: portOf(base, 'kafka-2'), controllerPort: portOf(base, 'controller-2') },
    { name: 'kafka-3', port: portOf(base, 'kafka-3'), controllerPort: portOf(base, 'controller-3') },
  ];
}

/** Whether a process of this name is a broker. */
export function isBroker(name: string): boolean {
  return /^kafka(-\d+)?$/.test(name);
}

/** Client address of the brokers, comma separated. */
export function bootstrapOf(brokers: readonly BrokerPorts[]): string {
  return brokers.map(({ port }) => `${loopback}:${port}`).join(',');
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
