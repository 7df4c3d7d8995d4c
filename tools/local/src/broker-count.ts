// What three brokers cannot be started with, said before anything is started.
import { oldestJava } from './java.ts';
import { requireSameCount } from './kafka-data.ts';
import type { BrokerCount } from './ports.ts';
import type { Host } from './preflight.ts';
import { StackError } from './stack-error.ts';

/** Null when the count can be had; `given` are brokers that run already. */
export function brokersRefusal(count: BrokerCount, given: string | undefined): string | null {
  if (count === 1 || given === undefined) return null;
  return `--brokers ${count}: KAFKA_BROKERS names brokers that run already (${given}): unset it, or leave --brokers out.`;
}

/** For brokers that are to be started on this host, in this folder. */
export function requireBrokers(count: BrokerCount, { host, dataDir }: { readonly host: Host | null; readonly dataDir: string }): void {
  if (count !== 1 && host?.kind === 'docker') {
    throw new StackError(
      `--brokers ${count} needs Java ${oldestJava} or newer, in Docker only one broker is started: install Java (Debian: apt-get install openjdk-17-jre-headless maven), or leave --brokers out.`,
    );
  }
  requireSameCount(dataDir, count);
}
