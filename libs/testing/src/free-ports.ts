import { createServer } from 'node:net';

/** Whether nobody listens on this port of the loopback address now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

export interface PortRun {
  /** Where the search begins; different processes should begin at different places. */
  readonly from: number;
  readonly step: number;
  /** Neighbouring ports that are needed. */
  readonly ports: number;
}

/** First port of a run of free ones. It is only looked at, not held: another process may be quicker. */
export async function freePortBase({ from, step, ports }: PortRun): Promise<number> {
  for (let base = from; ; base += step) {
    const free = await Promise.all(Array.from({ length: ports }, (_, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}
