import { AdaptivePace, type AdaptedPace } from './adaptive-pace.ts';

/** What limits the calls on the other side. */
export interface Limiter {
  /** True when this call, arriving at this instant (ms), is accepted. */
  readonly admit: (atMs: number, inFlight: number) => boolean;
}

/** At most so many accepted calls a second, bursts of a tenth of a second allowed. */
export function rateLimiter(perSecond: () => number): Limiter {
  let theoretical = 0;
  return {
    admit: (atMs) => {
      const spacing = 1_000 / perSecond();
      if (theoretical - atMs > 100 + spacing) return false;
      theoretical = Math.max(theoretical, atMs) + spacing;
      return true;
    },
  };
}

/** At most so many calls at once, as Twilio says of 20429. */
export const concurrencyLimiter = (most: () => number): Limiter => ({ admit: (_atMs, inFlight) => inFlight < most() });

export interface LoopCase {
  readonly configured: number;
  readonly maxInFlight: number;
  readonly limiter: Limiter;
  /** Milliseconds of one accepted call. */
  readonly latency: () => number;
  /** Milliseconds of one throttled call. */
  readonly throttledLatency?: () => number;
  readonly seconds: number;
  /** Whether the pacer grants no more than cap / p90. */
  readonly littleRule?: boolean;
}

export interface LoopRun {
  /** Accepted calls a second between two seconds of the run. */
  accepted(fromS: number, toS: number): number;
  /** Share of the calls between two seconds that were throttled. */
  wasted(fromS: number, toS: number): number;
  readonly changes: readonly (AdaptedPace & { readonly atMs: number })[];
}

const leadMs = 700;
const sliceMs = 100;
const controlMs = 250;
const gaugeMs = 500;
const flushMs = 250;
const reportMs = 250;

interface Event {
  readonly run: () => void;
}

/** A run of the closed loop with all its delays: slots ahead, controls and counts late, gauges now and then. */
export class AdaptiveLoop implements LoopRun {
  readonly changes: (AdaptedPace & { atMs: number })[] = [];
  readonly #pace: AdaptivePace;
  readonly #calls: { atMs: number; ok: boolean }[] = [];
  readonly #latencies: number[] = [];
  readonly #pending = [0, 1, 2, 3].map(() => ({ accepted: 0, throttled: 0 }));
  #events = new Map<number, Event[]>();
  #now = 0;
  #granted: { rate: number; cap: number };
  #fired: { cap: number };
  #inFlight = 0;
  #atTwilio = 0;
  #gauge = { inFlight: 0, latencyP90Ms: null as number | null };
  #slotAt = leadMs;

  constructor(private readonly test: LoopCase) {
    const bounds = { ceilingPerSecond: test.configured, floorPerSecond: 1, maxInFlight: test.maxInFlight };
    this.#pace = new AdaptivePace(bounds, leadMs + 800);
    this.#granted = { rate: test.configured, cap: test.maxInFlight };
    this.#fired = { cap: test.maxInFlight };
    for (this.#now = 0; this.#now < test.seconds * 1_000; this.#now += 1) this.#tick();
  }

  accepted(fromS: number, toS: number): number {
    return this.#between(fromS, toS).filter(({ ok }) => ok).length / (toS - fromS);
  }

  wasted(fromS: number, toS: number): number {
    const calls = this.#between(fromS, toS);
    return calls.filter(({ ok }) => !ok).length / Math.max(1, calls.length);
  }

  #between(fromS: number, toS: number): { ok: boolean }[] {
    return this.#calls.filter(({ atMs }) => atMs >= fromS * 1_000 && atMs < toS * 1_000);
  }

  #tick(): void {
    for (const { run } of this.#events.get(this.#now) ?? []) run();
    this.#events.delete(this.#now);
    if (this.#now % sliceMs === 0) this.#grant();
    if (this.#now % gaugeMs === 0) this.#measure();
    for (const partition of [0, 1, 2, 3]) if ((this.#now + partition * 60) % flushMs === 0) this.#flush(partition);
    if (this.#now % 250 === 0) this.#decide();
  }

  #at(delayMs: number, run: () => void): void {
    const atMs = Math.max(this.#now + 1, Math.round(this.#now + delayMs));
    this.#events.set(atMs, [...(this.#events.get(atMs) ?? []), { run }]);
  }

  #grant(): void {
    const p90 = this.#gauge.latencyP90Ms;
    const little = this.test.littleRule === true && p90 !== null ? (this.#granted.cap / p90) * 1_000 : Infinity;
    const rate = Math.min(this.#granted.rate, little);
    this.#slotAt = Math.max(this.#slotAt, this.#now + leadMs - sliceMs);
    for (; this.#slotAt < this.#now + leadMs; this.#slotAt += 1_000 / rate) this.#at(this.#slotAt - this.#now, () => this.#fire());
  }

  #fire(): void {
    if (this.#inFlight >= this.#fired.cap) return;
    const ok = this.test.limiter.admit(this.#now, this.#atTwilio);
    this.#calls.push({ atMs: this.#now, ok });
    const latency = ok ? this.test.latency() : (this.test.throttledLatency ?? (() => 5))();
    this.#inFlight += 1;
    if (ok) {
      this.#atTwilio += 1;
      this.#at(latency - 1, () => (this.#atTwilio -= 1));
    }
    this.#at(latency, () => this.#answer(ok, latency));
  }

  #answer(ok: boolean, latency: number): void {
    this.#inFlight -= 1;
    if (ok) this.#latencies.push(latency);
    const count = this.#pending[this.#calls.length % 4];
    if (count === undefined) return;
    if (ok) count.accepted += 1;
    else count.throttled += 1;
  }

  #flush(partition: number): void {
    const counted = this.#pending[partition];
    if (counted === undefined || counted.accepted + counted.throttled === 0) return;
    this.#pending[partition] = { accepted: 0, throttled: 0 };
    this.#at(reportMs, () => {
      this.#pace.heed(counted, this.#now);
      this.#decide();
    });
  }

  #measure(): void {
    const recent = this.#latencies.slice(-64).sort((a, b) => a - b);
    const gauge = { inFlight: this.#inFlight, latencyP90Ms: recent[Math.floor(recent.length * 0.9)] ?? null };
    this.#at(50, () => (this.#gauge = gauge));
  }

  #decide(): void {
    const change = this.#pace.decide(this.#gauge, this.#now);
    if (change === null) return;
    this.changes.push({ ...change, atMs: this.#now });
    const next = { rate: change.rate ?? this.test.configured, cap: change.cap ?? this.test.maxInFlight };
    this.#at(controlMs, () => {
      this.#granted = next;
      this.#fired = next;
    });
  }
}

/** A deterministic source of luck, uniform in [0, 1). */
export function luck(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Log-normal answer times about a median. */
export function logNormal(medianMs: number, sigma: number, random: () => number): () => number {
  return () => medianMs * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}
