import { metaOf, type CodeCount } from '@paceline/contracts';
import { SignalSteward } from './account-steward.ts';
import type { ControlChange } from './signals.ts';

export const count = (over: Partial<CodeCount>): CodeCount => ({
  lane: 'messages:abc',
  batchId: 'b1',
  class: 'ACCEPTED',
  code: null,
  attempts: 1,
  ...over,
});
export const refused = (code: number, over: Partial<CodeCount> = {}): CodeCount => count({ class: 'REJECTED', code, ...over });
export const accountStop = count({ class: 'ACCOUNT_STOP', code: 20003 });

/** A steward over a controls table that shows what was written at the next look. */
export class Bench {
  readonly table = new Map<string, { value: string | null }>();
  nowMs = 0;
  steward: SignalSteward;

  constructor(private readonly over: { enabled?: boolean } = {}) {
    this.steward = this.restarted();
  }

  restarted(): SignalSteward {
    this.steward = new SignalSteward({
      maxThrottledMs: 3_600_000,
      account: 'demo',
      callsPerSecond: 50,
      maxInFlight: 40,
      adaptive: { enabled: this.over.enabled ?? true, floorPerSecond: 1 },
      leadMs: 700,
      gauges: { inFlight: () => 4, latencyP90Ms: () => 200, latencyMeanMs: () => 200 },
    });
    return this.steward;
  }

  /** Counts now, if any, then what is written. */
  after(ms: number, ...counts: CodeCount[]): readonly ControlChange[] {
    this.nowMs += ms;
    const now = { wall: this.nowMs * 1_000, monotonic: this.nowMs };
    if (counts.length > 0) this.steward.heed({ meta, account: 'demo', partition: 0, counts }, now);
    const changes = this.steward.decide({ get: (key) => this.table.get(key), entries: () => this.table }, now);
    for (const { entity, aspect, origin, value } of changes) this.set(`${entity}/${aspect}/${origin}`, value);
    return changes;
  }

  set(key: string, value: string | null): void {
    this.table.set(key, { value });
  }

  of(key: string): unknown {
    return JSON.parse(this.table.get(key)?.value ?? 'null');
  }
}

export const meta = metaOf('CodesCounted', { natural: ['test'], at: 0, correlationId: 'demo' });
