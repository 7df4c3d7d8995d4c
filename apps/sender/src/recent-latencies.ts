import { MeanLatency } from '@paceline/domain/sending';

const kept = 256;

interface Recent {
  readonly values: number[];
  next: number;
  readonly mean: MeanLatency;
}

/** The last answers' times per account, for gauges that follow the present. */
export class RecentLatencies {
  readonly #accounts = new Map<string, Recent>();

  add(account: string, ms: number, nowMs: number): void {
    let recent = this.#accounts.get(account);
    if (recent === undefined) this.#accounts.set(account, (recent = { values: [], next: 0, mean: new MeanLatency() }));
    recent.values[recent.next] = ms;
    recent.next = (recent.next + 1) % kept;
    recent.mean.add(ms, nowMs);
  }

  p90(account: string): number | null {
    const sorted = [...(this.#accounts.get(account)?.values ?? [])].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.9))] ?? null;
  }

  mean(account: string): number | null {
    return this.#accounts.get(account)?.mean.ms ?? null;
  }
}
