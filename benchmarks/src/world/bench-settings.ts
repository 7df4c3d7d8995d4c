// One settings file for all cases: an account for each, so that no case meets the limits of another.
import { stringify } from 'yaml';

export interface BenchAccount {
  readonly name: string;
  readonly callsPerSecond: number;
  readonly maxInFlight: number;
  /** Senders that have a limit of their own: long codes, one segment per second. */
  readonly senders: readonly string[];
}

const sidDigits = 32;

/** The sid of the n-th account; the simulator knows accounts by it. */
export const sidOf = (index: number): string => `AC${String(index + 1).padStart(sidDigits, '0')}`;

/** Sids of peers, apart from those of accounts. */
export const peerSidOf = (index: number): string => `AC${'f'.repeat(8)}${String(index + 1).padStart(sidDigits - 8, '0')}`;

export const lateToleranceMs = 12;

export function settingsText(accounts: readonly BenchAccount[], portBase: number): string {
  return stringify({
    accounts: accounts.map(({ name, callsPerSecond, maxInFlight, senders }, index) => ({
      name,
      sid: sidOf(index),
      authToken: 'simulator-needs-no-secret',
      mode: 'simulator',
      baseUrl: `http://127.0.0.1:${portBase}`,
      callsPerSecond,
      maxInFlight,
      // Carries the attempt into the ledger; the simulator calls nobody back.
      callbacks: { publicUrl: `http://127.0.0.1:${portBase + 16}` },
      ...(senders.length === 0 ? {} : { senders: senders.map((id) => ({ id, type: 'long-code' })) }),
    })),
    send: { lateToleranceMs },
    tracing: { ratio: 0.01 },
  });
}
