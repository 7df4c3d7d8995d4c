import { shippedErrorTable, type CodeCount, type ErrorRule, type ErrorTable, type EventTypes } from '@paceline/contracts';
import { laneEntity, operatorCap, operatorRate, type Controls } from '../controls/index.ts';
import { meaningOf, type AnswerMeaning } from './account-steward-answers.ts';
import { parkedLanes, StewardLanes } from './account-steward-lanes.ts';
import { StewardPost } from './account-steward-post.ts';
import { AdaptivePace, type AdaptedPace, type PaceBounds } from './adaptive-pace.ts';
import { Breaker } from './breaker.ts';
import { BreakerRun } from './breaker-run.ts';
import type { Instant } from './clock-watch.ts';
import type { AccountSteward, ControlChange, GaugeBoard } from './signals.ts';

export interface StewardTerms {
  /** Account name from the settings. */
  readonly account: string;
  readonly callsPerSecond: number;
  readonly maxInFlight: number;
  readonly adaptive: { readonly enabled: boolean; readonly floorPerSecond: number };
  /** How far ahead slots are stamped, milliseconds. */
  readonly leadMs: number;
  readonly gauges: Pick<GaugeBoard, 'inFlight' | 'latencyP90Ms' | 'latencyMeanMs'>;
  /** Configuration errors in a row that stop a lane or batch. */
  readonly stopAfter?: number;
  /** A row may be throttled so long, milliseconds; then a lane that stays full ends it. */
  readonly maxThrottledMs: number;
  /** The error table in force; the shipped one when absent. */
  readonly table?: ErrorTable;
}

const accountWaits = { firstMs: 15_000, longestMs: 600_000 };
/** A control, then a slice, then a count on their way, beside the lead of the slots. */
const signalsMs = 800;
const stopped = JSON.stringify('stopped');

/**
 * What an account's answers mean for its pace, said as controls with their reasons: throttling lowers it, a refusal of
 * the account opens its breaker, a full queue parks a lane, and a lane or batch that is wrong as a whole is stopped until
 * a person resumes it. What it said lives on in the controls table: its next owner goes on from there.
 */
export class SignalSteward implements AccountSteward {
  readonly #post = new StewardPost();
  readonly #pace: AdaptivePace;
  readonly #breaker = new Breaker(accountWaits);
  readonly #lanes: StewardLanes;
  readonly #runs: BreakerRun;
  /** Stopped until a person resumes them. */
  readonly #stopped = new Set<string>();
  #why = 'the account was refused';
  #begun = false;

  constructor(private readonly terms: StewardTerms) {
    this.#pace = new AdaptivePace(this.#bounds(null), terms.leadMs + signalsMs);
    this.#lanes = new StewardLanes(terms.maxThrottledMs);
    this.#runs = new BreakerRun(terms.stopAfter ?? 20);
  }

  heed({ account, counts }: EventTypes['CodesCounted'], { monotonic }: Instant): void {
    if (account !== this.terms.account) return;
    const judged = counts.map((count) => ({ count, meaning: meaningOf(count, this.terms.table ?? shippedErrorTable) }));
    const sumOf = (kinds: readonly AnswerMeaning['kind'][]): number =>
      judged.reduce((sum, { count, meaning }) => sum + (kinds.includes(meaning.kind) ? count.attempts : 0), 0);
    const throttled = sumOf(['throttled']);
    const processed = sumOf(['accepted', 'answered', 'misconfigured', 'filtered']);
    if (this.terms.adaptive.enabled) this.#pace.heed({ accepted: processed, throttled }, monotonic);
    this.#breaker.heed({ faults: sumOf(['account-stop']), proofs: processed + throttled + sumOf(['lane-full']) }, monotonic);
    const accepted = judged.flatMap(({ count, meaning }) => (meaning.kind === 'accepted' ? this.#accepted(count, monotonic) : []));
    for (const { count, meaning } of judged) this.#blame(count, meaning, { beside: new Set(accepted), nowMs: monotonic });
    this.#countFiltered(judged);
  }

  decide(controls: Controls, now: Instant): readonly ControlChange[] {
    const { monotonic } = now;
    if (!this.#begun) this.#begin(controls, monotonic);
    for (const change of this.#post.overruled(controls)) this.#release(change, monotonic);
    if (this.terms.adaptive.enabled) this.#adapt(controls, monotonic);
    this.#guard(monotonic);
    for (const change of this.#lanes.endings(now)) this.#post.say(change);
    for (const change of this.#lanes.controls(monotonic)) if (!this.#stopped.has(change.entity)) this.#post.say(change);
    return this.#post.due(monotonic);
  }

  nextAtMs(): number | null {
    const next = [this.#post.nextAtMs(), this.#pace.nextAtMs(), this.#breaker.nextAtMs(), this.#lanes.nextAtMs()];
    const known = next.filter((at) => at !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  get #entity(): string {
    return `account:${this.terms.account}`;
  }

  /** Every control of ours that the table holds goes on. */
  #begin(controls: Controls, nowMs: number): void {
    this.#begun = true;
    const rate = this.#adopted(controls, { entity: this.#entity, aspect: 'rate', origin: 'adaptive' });
    const cap = this.#adopted(controls, { entity: this.#entity, aspect: 'cap', origin: 'adaptive' });
    if (rate !== null || cap !== null) this.#pace.adopt({ rate: numberOf(rate), cap: numberOf(cap) }, nowMs);
    if (!this.terms.adaptive.enabled)
      this.#sayPace({ rate: null, cap: null, reason: 'the pace is not adapted: adaptive.enabled is false' });
    const state = this.#adopted(controls, { entity: this.#entity, aspect: 'breaker', origin: 'breaker' });
    if (state !== null) this.#breaker.adopt(state === 'half-open' ? 'half-open' : 'open', nowMs);
    for (const entity of parkedLanes(controls, this.terms.account)) {
      this.#lanes.adopt(entity, this.#adopted(controls, { entity, aspect: 'parked', origin: 'breaker' }), nowMs);
    }
  }

  #adopted(controls: Controls, of: Pick<ControlChange, 'entity' | 'aspect' | 'origin'>): unknown {
    const value = controls.valueOf(of);
    if (value !== null) this.#post.adopt({ ...of, value, reason: '' });
    return parsed(value);
  }

  /** Somebody else had the last word on this control. */
  #release({ entity, aspect }: ControlChange, nowMs: number): void {
    this.#stopped.delete(entity);
    if (aspect === 'breaker') this.#breaker.release();
    else if (aspect === 'parked') this.#lanes.forget(entity);
    else if (aspect === 'rate' || aspect === 'cap') {
      this.#pace.adopt({ rate: null, cap: null }, nowMs);
      this.#sayPace({ rate: null, cap: null, reason: 'lifted by a person' });
    }
  }

  /** Whose run of faults ends by it: the lane and the batch. */
  #accepted({ lane, batchId }: CodeCount, nowMs: number): readonly string[] {
    const entity = laneEntity(this.terms.account, lane);
    this.#lanes.accepted(entity, nowMs);
    const ended = [entity, `batch:${batchId}`];
    for (const one of ended) this.#runs.accepted(one);
    return ended;
  }

  /** A count has no order within: faults beside an acceptance of the same lane or batch prove no run of them. */
  #blame(
    count: CodeCount,
    meaning: AnswerMeaning,
    { beside, nowMs }: { readonly beside: ReadonlySet<string>; readonly nowMs: number },
  ): void {
    const lane = laneEntity(this.terms.account, count.lane);
    if (meaning.kind === 'account-stop') this.#why = meansCode(count.code, meaning.rule);
    else if (meaning.kind === 'lane-full') this.#lanes.full(lane, { rule: meaning.rule, code: count.code }, nowMs);
    else if (meaning.kind === 'misconfigured') {
      const entity = meaning.of === 'lane' ? lane : `batch:${count.batchId}`;
      if (!beside.has(entity) && this.#runs.failed(entity, count.attempts)) {
        this.#stop(
          entity,
          `${this.terms.stopAfter ?? 20} configuration errors without an acceptance (${meansCode(count.code, meaning.rule)})`,
        );
      }
    }
  }

  #countFiltered(judged: readonly { count: CodeCount; meaning: AnswerMeaning }[]): void {
    for (const batchId of new Set(judged.map(({ count }) => count.batchId))) {
      const own = judged.filter(({ count, meaning }) => count.batchId === batchId && meaning.kind !== 'nothing');
      const bad = own.filter(({ meaning }) => meaning.kind === 'filtered');
      const sumOf = (some: typeof own): number => some.reduce((sum, { count }) => sum + count.attempts, 0);
      const share = this.#runs.filtered(`batch:${batchId}`, { filtered: sumOf(bad), total: sumOf(own) });
      const [{ count, meaning } = {}] = bad;
      const code = meaning?.kind === 'filtered' ? meansCode(count?.code ?? null, meaning.rule) : 'filtered by Twilio or the carrier';
      if (share !== null) this.#stop(`batch:${batchId}`, `${Math.round(share * 1_000) / 10} % of its last messages were lost (${code})`);
    }
  }

  /** Only a person starts it again: nothing here can know that the fault was corrected. */
  #stop(entity: string, why: string): void {
    this.#stopped.add(entity);
    const aspect = entity.startsWith('lane:') ? 'parked' : 'paused';
    const reason = `${why}; correct it, then: paceline resume ${entity}`;
    this.#post.say({ entity, aspect, origin: 'breaker', value: stopped, reason });
  }

  #adapt(controls: Controls, nowMs: number): void {
    this.#pace.bound(this.#bounds(controls));
    const senses = {
      inFlight: this.terms.gauges.inFlight(this.terms.account, nowMs),
      latencyP90Ms: this.terms.gauges.latencyP90Ms(this.terms.account, nowMs),
      latencyMeanMs: this.terms.gauges.latencyMeanMs(this.terms.account, nowMs),
    };
    const adapted = this.#pace.decide(senses, nowMs);
    if (adapted !== null) this.#sayPace(adapted);
  }

  #sayPace({ rate, cap, reason }: AdaptedPace): void {
    const of = { entity: this.#entity, origin: 'adaptive', reason } as const;
    this.#post.say({ ...of, aspect: 'rate', value: rate === null ? null : JSON.stringify(rate) });
    this.#post.say({ ...of, aspect: 'cap', value: cap === null ? null : JSON.stringify(cap) });
  }

  #guard(nowMs: number): void {
    this.#breaker.pass(nowMs);
    const of = { entity: this.#entity, aspect: 'breaker', origin: 'breaker' } as const;
    const { state, waitMs } = this.#breaker;
    if (state === 'closed') this.#post.say({ ...of, value: null, reason: 'Twilio takes the account again' });
    else if (state === 'half-open') {
      this.#post.say({ ...of, value: JSON.stringify(state), reason: `one call now and then tries the account (${this.#why})` });
    } else {
      const reason = `Twilio refused the account (${this.#why}); nothing is called, tried again after ${waitMs / 1_000} s`;
      this.#post.say({ ...of, value: JSON.stringify(state), reason });
    }
  }

  /** A person's rate and cap replace the configured ones. */
  #bounds(controls: Controls | null): PaceBounds {
    const { account, callsPerSecond, maxInFlight, adaptive } = this.terms;
    const { floorPerSecond } = adaptive;
    if (controls === null) return { ceilingPerSecond: callsPerSecond, floorPerSecond, maxInFlight };
    const ceilingPerSecond = operatorRate(controls, account) ?? callsPerSecond;
    return { ceilingPerSecond, floorPerSecond, maxInFlight: operatorCap(controls, account) ?? maxInFlight };
  }
}

const meansCode = (code: number | null, rule: ErrorRule | null): string =>
  code === null ? 'not authorised or forbidden' : `code ${code}${rule === null ? '' : `: ${rule.meaning}`}`;

const numberOf = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
