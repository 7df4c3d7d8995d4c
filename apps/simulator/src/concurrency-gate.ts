/** Requests of each account in processing. Above its cap a request is refused and never processed. */
export class ConcurrencyGate {
  private readonly inProcessing = new Map<string, number>();

  /** The number of requests in processing, this one included; null when there is no room. */
  enter(account: string, cap: number): number | null {
    const now = (this.inProcessing.get(account) ?? 0) + 1;
    if (now > cap) return null;
    this.inProcessing.set(account, now);
    return now;
  }

  leave(account: string): void {
    const now = (this.inProcessing.get(account) ?? 1) - 1;
    if (now === 0) this.inProcessing.delete(account);
    else this.inProcessing.set(account, now);
  }

  of(account: string): number {
    return this.inProcessing.get(account) ?? 0;
  }
}
