// A client in a process of its own. Told on its standard input: `go` (begin to call), `measure`, `stop` (tell what was measured, end).
import { createInterface } from 'node:readline';
import type { ClientJob, ClientReport, OneCall } from './sender-client.ts';
import { quantile } from './judge/statistics.ts';

const job = JSON.parse(process.argv[2] ?? '{}') as ClientJob;

/** Each loads its own library only: its memory is compared. */
async function open(): Promise<OneCall> {
  switch (job.client) {
    case 'undici':
      return (await import('./sender-client-undici.ts')).openUndici(job);
    case 'paceline':
      return (await import('./sender-client-paceline.ts')).openPaceline(job);
    default:
      return (await import('./sender-client-sdk.ts')).openSdk(job);
  }
}

class Callers {
  #row = 0;
  #latencies: number[] = [];
  #failures = 0;
  #from = performance.now();
  #cpu = process.cpuUsage();

  constructor(private readonly call: OneCall) {}

  start(): void {
    for (let n = 0; n < job.callers; n += 1) void this.#callOn();
  }

  measure(): void {
    this.#latencies = [];
    this.#failures = 0;
    this.#from = performance.now();
    this.#cpu = process.cpuUsage();
  }

  report(): ClientReport {
    const { user, system } = process.cpuUsage(this.#cpu);
    const seconds = (performance.now() - this.#from) / 1_000;
    const latencies = this.#latencies;
    const times = { p50Ms: quantile(latencies, 0.5) ?? 0, p99Ms: quantile(latencies, 0.99) ?? 0 };
    const rssMb = process.memoryUsage.rss() / 1e6;
    return { calls: latencies.length, failures: this.#failures, seconds, cpuMs: (user + system) / 1_000, ...times, rssMb };
  }

  async #callOn(): Promise<never> {
    for (;;) {
      const began = performance.now();
      const sid = await this.call((this.#row += 1)).catch(String);
      this.#latencies.push(performance.now() - began);
      if (sid?.startsWith('SM') !== true) await this.#failed(sid ?? 'an answer without a sid');
    }
  }

  /** A call that fails at once must not keep the process from hearing. */
  async #failed(why: string): Promise<void> {
    if (this.#failures === 0) process.stderr.write(`${why}\n`);
    this.#failures += 1;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const callers = new Callers(await open());
const words: Readonly<Record<string, () => void>> = {
  go: () => callers.start(),
  measure: () => callers.measure(),
  stop: () => void process.stdout.write(`${JSON.stringify(callers.report())}\n`, () => process.exit(0)),
};
// When whoever started us is gone, so are we.
createInterface({ input: process.stdin })
  .on('line', (word) => words[word]?.())
  .once('close', () => process.exit(0));
process.stdout.write('ready\n');
