const kept = 256;

/** The last answers' times per account, for a gauge that follows the present. */
export class RecentLatencies {
  readonly #rings = new Map<string, { readonly values: number[]; next: number }>();

  add(account: string, ms: number): void {
    let ring = this.#rings.get(account);
    if (ring === undefined) this.#rings.set(account, (ring = { values: [], next: 0 }));
    ring.values[ring.next] = ms;
    ring.next = (ring.next + 1) % kept;
  }

  p90(account: string): number | null {
    const sorted = [...(this.#rings.get(account)?.values ?? [])].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.9))] ?? null;
  }
}
