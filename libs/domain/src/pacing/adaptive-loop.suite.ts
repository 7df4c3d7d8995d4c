import { MeanLatency } from '../sending/mean-latency.ts';
import { PlacesInFlight } from '../sending/places-in-flight.ts';
import { AdaptivePace, type AdaptedPace, type PaceSenses } from './adaptive-pace.ts';
import { InFlightCap } from './in-flight-cap.ts';

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
}

export interface LoopRun {
  /** Accepted calls a second between two seconds of the run. */
  accepted(fromS: number, toS: number): number;
  /** Share of the calls between two seconds that were throttled. */
  wasted(fromS: number, toS: number): number;
  /** Share of the slots between two seconds for which there was no place in flight. */
  returned(fromS: number, toS: number): number;
  readonly changes: readonly (AdaptedPace & { readonly atMs: number })[];
}

const leadMs = 700;
const sliceMs = 100;
const controlMs = 250;
const gaugeMs = 500;
const flushMs = 250;
const reportMs = 250;
const claimLeadMs = 250;
const lateToleranceMs = 20;

type End = 'accepted' | 'throttled' | 'returned';

/**
 * A run of the closed loop with all its delays: slots ahead, controls and counts late, gauges now and then. The cap's own
 * arithmetic and the sender's places are the product's; the rest stands for what lies between them.
 */
export class AdaptiveLoop implements LoopRun {
  readonly changes: (AdaptedPace & { atMs: number })[] = [];
  readonly #pace: AdaptivePace;
  readonly #flight = new InFlightCap();
  readonly #places = new PlacesInFlight();
  /** By second of the run. */
  readonly #ends: Record<End, number>[] = [];
  #calls = 0;
  readonly #latencies: number[] = [];
  readonly #pending = [0, 1, 2, 3].map(() => ({ accepted: 0, throttled: 0 }));
  #events = new Map<number, (() => void)[]>();
  #now = 0;
  #granted: { rate: number; cap: number };
  #atTwilio = 0;
  readonly #mean = new MeanLatency();
  #gauge: PaceSenses = { inFlight: 0, latencyP90Ms: null, latencyMeanMs: null };
  #slotAt = leadMs;
  /** Claims whose instant has come and that found no place yet. */
  #late: { readonly untilMs: number }[] = [];

  constructor(private readonly test: LoopCase) {
    const bounds = { ceilingPerSecond: test.configured, floorPerSecond: 1, maxInFlight: test.maxInFlight };
    this.#pace = new AdaptivePace(bounds, leadMs + 800);
    this.#granted = { rate: test.configured, cap: test.maxInFlight };
    for (this.#now = 0; this.#now < test.seconds * 1_000; this.#now += 1) this.#tick();
  }

  accepted(fromS: number, toS: number): number {
    return this.#count(['accepted'], fromS, toS) / (toS - fromS);
  }

  wasted(fromS: number, toS: number): number {
    return this.#count(['throttled'], fromS, toS) / Math.max(1, this.#count(['accepted', 'throttled'], fromS, toS));
  }

  returned(fromS: number, toS: number): number {
    return this.#count(['returned'], fromS, toS) / Math.max(1, this.#count(['accepted', 'throttled', 'returned'], fromS, toS));
  }

  #count(ends: readonly End[], fromS: number, toS: number): number {
    return this.#ends.slice(fromS, toS).reduce((sum, second) => sum + ends.reduce((all, end) => all + second[end], 0), 0);
  }

  #tick(): void {
    if (this.#now % 1_000 === 0) this.#ends.push({ accepted: 0, throttled: 0, returned: 0 });
    for (const run of this.#events.get(this.#now) ?? []) run();
    this.#events.delete(this.#now);
    this.#giveUp();
    if (this.#now % sliceMs === 0) this.#grant();
    if (this.#now % gaugeMs === 0) this.#measure();
    for (const partition of [0, 1, 2, 3]) if ((this.#now + partition * 60) % flushMs === 0) this.#flush(partition);
    if (this.#now % 250 === 0) this.#decide();
  }

  #at(delayMs: number, run: () => void): void {
    const atMs = Math.max(this.#now + 1, Math.round(this.#now + delayMs));
    const others = this.#events.get(atMs);
    if (others === undefined) this.#events.set(atMs, [run]);
    else others.push(run);
  }

  #grant(): void {
    const { rate, cap } = this.#granted;
    const { inFlight, latencyMeanMs } = this.#gauge;
    const flight = { cap, inFlight, latency: latencyMeanMs === null ? null : latencyMeanMs * 1_000, lead: leadMs * 1_000 };
    this.#slotAt = Math.max(this.#slotAt, this.#now + leadMs - sliceMs);
    const next = (): number => Math.max(this.#slotAt, this.#flight.earliest(0, flight) / 1_000);
    while (next() < this.#now + leadMs && this.#flight.room(flight, this.#now * 1_000) > 0) {
      const slotAt = next();
      this.#flight.take(slotAt * 1_000);
      this.#at(slotAt - claimLeadMs - this.#now, () => this.#claim(slotAt));
      this.#slotAt = slotAt + 1_000 / rate;
    }
  }

  #claim(slotAt: number): void {
    if (!this.#places.hasRoom(this.#granted.cap, slotAt, this.#now)) return this.#ended('returned');
    this.#places.expect(slotAt);
    this.#at(slotAt - this.#now, () => this.#due());
  }

  /** A claim without a place waits for one until its deadline. */
  #due(): void {
    if (this.#late.length > 0 || !this.#fire()) this.#late.push({ untilMs: this.#now + lateToleranceMs });
  }

  #giveUp(): void {
    while ((this.#late[0]?.untilMs ?? Infinity) < this.#now) {
      this.#late.shift();
      this.#places.arrive();
      this.#ended('returned');
    }
  }

  #fire(): boolean {
    if (!this.#places.take(this.#granted.cap, this.#now)) return false;
    this.#places.arrive();
    const ok = this.test.limiter.admit(this.#now, this.#atTwilio);
    const latency = ok ? this.test.latency() : (this.test.throttledLatency ?? (() => 5))();
    const startedMs = this.#now;
    this.#ended(ok ? 'accepted' : 'throttled');
    if (ok) {
      this.#atTwilio += 1;
      this.#at(latency - 1, () => (this.#atTwilio -= 1));
    }
    this.#at(latency, () => this.#answer(ok, startedMs));
    return true;
  }

  #answer(ok: boolean, startedMs: number): void {
    this.#places.giveBack(startedMs, this.#now);
    while (this.#late.length > 0 && this.#fire()) this.#late.shift();
    const count = this.#pending[this.#calls % 4];
    if (ok) this.#learn(this.#now - startedMs);
    if (count === undefined) return;
    if (ok) count.accepted += 1;
    else count.throttled += 1;
  }

  #learn(latency: number): void {
    this.#latencies.push(latency);
    this.#mean.add(latency, this.#now);
  }

  #ended(end: End): void {
    this.#calls += 1;
    const second = this.#ends.at(-1);
    if (second !== undefined) second[end] += 1;
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
    const recent = this.#latencies.slice(-256).sort((a, b) => a - b);
    const latencyP90Ms = recent[Math.floor(recent.length * 0.9)] ?? null;
    const gauge = { inFlight: this.#places.inFlight, latencyP90Ms, latencyMeanMs: this.#mean.ms };
    this.#at(50, () => (this.#gauge = gauge));
  }

  #decide(): void {
    const change = this.#pace.decide(this.#gauge, this.#now);
    if (change === null) return;
    this.changes.push({ ...change, atMs: this.#now });
    const next = { rate: change.rate ?? this.test.configured, cap: change.cap ?? this.test.maxInFlight };
    this.#at(controlMs, () => (this.#granted = next));
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

/** Answer times that are spread in other ways, all of the same mean. */
export const spreads = {
  constant: (meanMs: number) => () => meanMs,
  narrow: (meanMs: number, random: () => number) => logNormal(meanMs, 0.09, random),
  exponential: (meanMs: number, random: () => number) => () => Math.max(1, -meanMs * Math.log(1 - random())),
  bimodal: (meanMs: number, random: () => number) => () => meanMs * (random() < 0.8 ? 0.5 : 3),
} satisfies Record<string, (meanMs: number, random: () => number) => () => number>;
