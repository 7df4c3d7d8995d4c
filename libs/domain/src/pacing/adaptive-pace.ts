import { AdaptiveEvidence, type Answers, type Throttling } from './adaptive-evidence.ts';
import { AdaptiveKnob, type Halfway, type Holds, type StepUp } from './adaptive-knob.ts';
import { isFull } from './full-cap.ts';

/** Between these the pace is adapted. */
export interface PaceBounds {
  /** Configured calls a second, or the operator's. */
  readonly ceilingPerSecond: number;
  readonly floorPerSecond: number;
  /** Configured calls in flight. */
  readonly maxInFlight: number;
}

/** How the account stands, by its senders' gauges. */
export interface PaceSenses {
  readonly inFlight: number;
  readonly latencyP90Ms: number | null;
  readonly latencyMeanMs: number | null;
}

/** The pace that holds from now on; null = as configured. */
export interface AdaptedPace {
  readonly rate: number | null;
  readonly cap: number | null;
  readonly reason: string;
}

const searchHoldMs = 3_000;
const holds: Holds = { searchMs: searchHoldMs, firstMs: 30_000, longestMs: 60_000 };
const idleMs = 300_000;
const shortestConfirmMs = 1_000;
const longestConfirmMs = 10_000;
/** A pace that calls do not keep up with is no proof; but after so long it is no loss either. */
const slackMs = 30_000;
const keptUpShare = 0.93;
/** A step of this share shows in about so many answers x share. */
const confirmingAnswers = 2;
/** A second in which nobody could call (a sender was killed, the machine was busy) says nothing of what was offered. */
const leastOffered = 0.4;
const deepestCut = 0.25;
/** From this accepted share on the limit is near: a small cut, then a long hold. */
const nearShare = 0.94;
/** A cut holds for long: one that is much deeper than what was throttled costs more calls than it saves. */
const deepestNearCut = 0.03;
const leastNearCut = 0.01;
/** A pace that was borne for so long is not far from the limit: what is throttled then was a bunch of calls after a pause. */
const borneMs = 10_000;
/** Counts come in bunches: only clearly fewer answers than the pace mean that less was offered. */
const offeredSlack = 1.25;
/** In flight from this share of the cap on, it may be the cap that is too high. */
const boundShare = 0.8;
/** One place too many is throttled over and over, since a throttled call frees it at once: up to this it may be just one. */
const fullCapShare = 0.8;

const hundredths = (rate: number): number => Math.round(rate * 100) / 100;
const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

/** Nearer than this to a pace that is too much is near enough. */
const nearEnough = 0.02;
/** Smaller steps than this, calls a second, take longer to show than they gain. */
const leastHalfway = 1;

/** 3, 3, 6, 12, then 25 % a step: near the last throttled pace slow, far from it fast. */
const rateUp: StepUp = (rate, nth) => hundredths(rate * (1 + ([0.03, 0.03, 0.06, 0.12][nth - 1] ?? 0.25)) + 0.01);
const rateHalfway: Halfway = (good, tooMuch) => {
  const isNear = tooMuch / good - 1 <= nearEnough || (tooMuch - good) / 2 < leastHalfway;
  return isNear ? null : hundredths((good + tooMuch) / 2);
};
const capUp: StepUp = (cap, nth) => cap + Math.max(2 ** Math.min(Math.max(nth - 2, 0), 10), Math.floor(cap * 0.03));

/**
 * The pace of an account that is throttled (20429): lowered to what was really accepted, raised again while nothing is
 * throttled. It changes at most once per loop (the time a change needs to show in the counts), never above the ceiling,
 * never below the floor. On the way up only the rate or the cap is raised at a time, so that it is known which of them
 * was too much; that one goes back to the last value that held, and is tried again after a long hold only. Properties:
 * adaptive-pace.spec.ts; the closed loop: adaptive-loop.spec.ts.
 */
export class AdaptivePace {
  readonly #evidence = new AdaptiveEvidence();
  readonly #rate: AdaptiveKnob;
  readonly #cap: AdaptiveKnob;
  /** Raised last, and not yet known to hold. */
  #tried: AdaptiveKnob | null = null;
  #triedShare = 1;
  #settledMs = 0;
  #quietMs = 0;
  #peakInFlight = 0;

  /** `loopMs`: from a decision to the first count that it shaped, the latency of the call not included. */
  constructor(
    bounds: PaceBounds,
    private readonly loopMs: number,
  ) {
    this.#rate = new AdaptiveKnob({ floor: bounds.floorPerSecond, ceiling: bounds.ceilingPerSecond }, { up: rateUp, halfway: rateHalfway });
    this.#cap = new AdaptiveKnob({ floor: 1, ceiling: bounds.maxInFlight }, { up: capUp, halfway: () => null });
  }

  get isLowered(): boolean {
    return this.#rate.isLowered || this.#cap.isLowered;
  }

  /** Goes on from what an earlier owner set. */
  adopt({ rate, cap }: { readonly rate: number | null; readonly cap: number | null }, nowMs: number): void {
    this.#rate.set(rate ?? Infinity, nowMs + searchHoldMs);
    this.#cap.set(cap ?? Infinity, nowMs + searchHoldMs);
    this.#settle(nowMs, 0);
  }

  /** The operator's pace changed: a lowered one stays, within the new bounds. */
  bound({ ceilingPerSecond, floorPerSecond, maxInFlight }: PaceBounds): void {
    this.#rate.bound({ floor: floorPerSecond, ceiling: ceilingPerSecond });
    this.#cap.bound({ floor: 1, ceiling: maxInFlight });
  }

  heed(answers: Answers, nowMs: number): void {
    if (answers.accepted + answers.throttled > 0) this.#quietMs = nowMs;
    this.#evidence.add(answers, nowMs);
  }

  /** The next pace, or null while the one in force stays. */
  decide(senses: PaceSenses, nowMs: number): AdaptedPace | null {
    this.#evidence.latencyMs = senses.latencyP90Ms ?? 0;
    if (nowMs < this.#settledMs) return null;
    this.#peakInFlight = Math.max(this.#peakInFlight, senses.inFlight);
    const verdict = this.#evidence.verdict(nowMs);
    if (verdict !== null && verdict !== 'lucky') return this.#lower(verdict, senses, nowMs);
    if (!this.isLowered || this.#evidence.measuredAtMs !== null) return null;
    if (nowMs - this.#quietMs >= idleMs) return this.#lift('no call for five minutes: the configured pace again', nowMs);
    return this.#raise(senses, nowMs);
  }

  nextAtMs(): number | null {
    const measured = this.#evidence.measuredAtMs;
    if (measured !== null) return Math.max(measured, this.#settledMs);
    if (!this.isLowered) return null;
    const held = [this.#rate, this.#cap].filter((knob) => knob.isLowered).map((knob) => knob.heldUntilMs);
    return Math.max(Math.min(...held), this.#settledMs);
  }

  #lower(seen: Throttling, senses: PaceSenses, nowMs: number): AdaptedPace | null {
    const before = { rate: this.#rate.value, cap: this.#cap.value };
    const cap = this.#tried === this.#cap ? null : this.#cutFullCap(seen, senses, nowMs);
    if (cap !== null) this.#cap.set(cap, nowMs + holds.firstMs);
    else if (this.#tried === null) this.#cut(seen, senses, nowMs);
    else this.#tried.back(nowMs, holds);
    this.#settle(nowMs, senses.latencyP90Ms ?? 0);
    if (before.rate === this.#rate.value && before.cap === this.#cap.value) return null;
    return this.#said(`${percent(1 - seen.acceptedShare)} of the calls were throttled (429)`, 'lowered');
  }

  /**
   * A little throttling while calls in flight filled the cap: that is what was too much, as long as less would still bear
   * what is really accepted. Null = the rate is to blame.
   */
  #cutFullCap({ acceptedShare }: Throttling, { latencyMeanMs }: PaceSenses, nowMs: number): number | null {
    const cap = this.#cap.value;
    if (!this.#cap.isLowered || acceptedShare < fullCapShare || latencyMeanMs === null) return null;
    if (!isFull(cap, this.#peakInFlight, latencyMeanMs)) return null;
    const next = Math.min(cap - 1, Math.floor(cap * this.#keptNear(acceptedShare, nowMs)));
    const used = Math.ceil((this.#evidence.acceptedPerSecond(nowMs) * latencyMeanMs) / 1_000);
    return Math.max(next, used) < cap ? Math.max(next, used, 1) : null;
  }

  /** To what was really accepted: a share of the calls that were really made. */
  #cut({ acceptedShare, perSecond }: Throttling, senses: PaceSenses, nowMs: number): void {
    const isNear = acceptedShare >= nearShare;
    const heldUntilMs = nowMs + (isNear ? holds.firstMs : searchHoldMs);
    const offered = Math.min(this.#rate.value, Math.max(perSecond * offeredSlack, this.#rate.value * leastOffered));
    const kept = isNear ? this.#keptNear(acceptedShare, nowMs) : Math.max(deepestCut, acceptedShare * 0.985);
    this.#rate.set(hundredths(offered * kept), heldUntilMs);
    this.#cap.set(this.#cutCap(senses, isNear), heldUntilMs);
  }

  /** Share of a rate or a cap that a cut near the limit leaves. */
  #keptNear(acceptedShare: number, nowMs: number): number {
    const wasBorne = nowMs - this.#settledMs >= borneMs;
    return 1 - (wasBorne ? leastNearCut : Math.min(deepestNearCut, Math.max(leastNearCut, 2 * (1 - acceptedShare))));
  }

  /** To what was in flight when calls were refused; near the limit by one at most; never below what the rate needs. */
  #cutCap({ latencyMeanMs }: PaceSenses, isNear: boolean): number {
    const cap = this.#cap.value;
    const needed = latencyMeanMs === null ? cap : Math.ceil((this.#rate.value * latencyMeanMs) / 1_000);
    const seen = isNear ? cap - (this.#peakInFlight >= cap * boundShare ? 1 : 0) : this.#peakInFlight;
    return Math.min(cap, Math.max(seen, needed));
  }

  #raise(senses: PaceSenses, nowMs: number): AdaptedPace | null {
    if (!this.#isConfirmed(nowMs)) return null;
    const knob = this.#nextUp(nowMs);
    if (knob === null) return null;
    this.#triedShare = knob.raise(nowMs, holds);
    if (!this.isLowered) return this.#lift('nothing is throttled any more: the configured pace again', nowMs);
    this.#tried = knob;
    this.#settle(nowMs, senses.latencyP90Ms ?? 0, knob);
    return this.#said('nothing was throttled', 'raised');
  }

  /** What may be raised next; null while it is held, or while neither would change anything. */
  #nextUp(nowMs: number): AdaptiveKnob | null {
    const knob = this.#holdingBack(nowMs);
    return knob?.isLowered === true && nowMs >= knob.heldUntilMs ? knob : null;
  }

  /** The rate while calls keep up with it, else the cap, when calls in flight fill it; null when neither holds them back. */
  #holdingBack(nowMs: number): AdaptiveKnob | null {
    const keepsUp = this.#evidence.acceptedPerSecond(nowMs) >= this.#rate.value * keptUpShare;
    const isFull = this.#cap.isLowered && this.#peakInFlight >= this.#cap.value * boundShare;
    const isSlack = !isFull && nowMs - this.#settledMs >= slackMs;
    if (this.#rate.isLowered && (keepsUp || isSlack)) return this.#rate;
    return isFull || !this.#rate.isLowered ? this.#cap : null;
  }

  /** Enough was accepted at this pace to have shown that its last step was too much. */
  #isConfirmed(nowMs: number): boolean {
    const { accepted } = this.#evidence;
    if (nowMs - this.#settledMs < shortestConfirmMs) return false;
    return accepted > 0 && (accepted >= confirmingAnswers / this.#triedShare || nowMs - this.#settledMs >= longestConfirmMs);
  }

  /** Nothing more is decided until this pace shows in the counts. */
  #settle(nowMs: number, latencyMs: number, tried: AdaptiveKnob | null = null): void {
    this.#tried = tried;
    if (tried === null) this.#triedShare = 1;
    this.#settledMs = nowMs + this.loopMs + latencyMs;
    this.#peakInFlight = 0;
    this.#evidence.begin(this.#settledMs);
  }

  #lift(reason: string, nowMs: number): AdaptedPace {
    this.#rate.set(Infinity, nowMs);
    this.#cap.set(Infinity, nowMs);
    this.#settle(nowMs, 0);
    return { rate: null, cap: null, reason };
  }

  #said(why: string, how: 'lowered' | 'raised'): AdaptedPace {
    const [rate, cap] = [this.#rate, this.#cap];
    const parts = [
      ...(rate.isLowered ? [`${rate.value} of ${rate.ceiling} calls a second`] : []),
      ...(cap.isLowered ? [`${cap.value} of ${cap.ceiling} in flight`] : []),
    ];
    return {
      rate: rate.isLowered ? rate.value : null,
      cap: cap.isLowered ? cap.value : null,
      reason: `${why}: ${how} to ${parts.join(', ')}`,
    };
  }
}
