import { metaOf, type CodeCount } from '@paceline/contracts';
import { controlIdOf } from '../controls/index.ts';
import { SignalSteward } from './account-steward.ts';
import { HandControls } from './hand-set.suite.ts';
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
  controls = new HandControls();

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
    const changes = this.steward.decide(this.controls, now);
    for (const { entity, aspect, origin, value } of changes) this.set(`${entity}/${aspect}/${origin}`, value);
    return changes;
  }

  /** `value` as JSON. */
  set(key: string, value: string | null): void {
    this.controls.set(key, value === null ? null : JSON.parse(value));
  }

  /** The table is empty, as if nothing had been written. */
  forget(): void {
    this.controls = new HandControls();
  }

  of(key: string): unknown {
    return JSON.parse(this.controls.valueOf(controlIdOf(key)) ?? 'null');
  }
}

export const meta = metaOf('CodesCounted', { natural: ['test'], at: 0, correlationId: 'demo' });
