/** Answers by what they say about the pace. */
export interface Answers {
  readonly accepted: number;
  readonly throttled: number;
}

const measureMs = 1_000;
const blindMs = 3_000;
const spreadMs = 500;
const contextMs = 10_000;
/** Throttled answers up to this share of the last ten to twenty seconds are luck, not a limit. */
const tolerated = 0.005;

const nothing: Answers = { accepted: 0, throttled: 0 };

const sumOf = (a: Answers, b: Answers): Answers => ({ accepted: a.accepted + b.accepted, throttled: a.throttled + b.throttled });
const totalOf = ({ accepted, throttled }: Answers): number => accepted + throttled;

/** Throttling that was measured. */
export interface Throttling {
  readonly acceptedShare: number;
  /** Answers a second, whatever they said. */
  readonly perSecond: number;
}

/** Throttling under way; it is measured once calls that were made since it began can be answered either way. */
interface Episode {
  readonly beganMs: number;
  readonly fromMs: number | null;
  readonly answers: Answers;
}

/** What was counted since the pace last changed; what came before says nothing about the pace in force. */
export class AdaptiveEvidence {
  #recent = nothing;
  #before = nothing;
  #rotatedMs = 0;
  #startedMs = 0;
  #accepted = 0;
  #episode: Episode | null = null;
  /** How long an accepted call takes: a throttled one is answered at once, so that it seems to come more often at first. */
  #latencyMs = 0;

  /** From `atMs` on counts belong to a new pace. */
  begin(atMs: number): void {
    this.#recent = nothing;
    this.#before = nothing;
    this.#rotatedMs = atMs;
    this.#startedMs = atMs;
    this.#accepted = 0;
    this.#episode = null;
  }

  add(answers: Answers, nowMs: number): void {
    if (nowMs < this.#startedMs) return;
    this.#rotate(nowMs);
    this.#recent = sumOf(this.#recent, answers);
    this.#accepted += answers.accepted;
    this.#measure(answers, nowMs);
  }

  /** Milliseconds of an accepted call. */
  set latencyMs(latencyMs: number) {
    this.#latencyMs = latencyMs;
  }

  /** Accepted since the pace changed. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Accepted a second since the pace changed. */
  acceptedPerSecond(nowMs: number): number {
    return (this.#accepted / Math.max(1_000, nowMs - this.#startedMs)) * 1_000;
  }

  /** When the episode under way may be measured; null when there is none. */
  get measuredAtMs(): number | null {
    return this.#episode === null ? null : (this.#episode.fromMs ?? this.#episode.beganMs) + measureMs;
  }

  /**
   * The share of answers that were accepted since throttling began, once that is measured: `lucky` when there was too
   * little of it to mean a limit, null while nothing was throttled or it is being measured.
   */
  verdict(nowMs: number): Throttling | 'lucky' | null {
    if (this.#episode === null || this.#episode.fromMs === null) return null;
    const { fromMs, answers } = this.#episode;
    const total = totalOf(answers);
    if (total === 0 || nowMs < fromMs + measureMs) return null;
    this.#episode = null;
    const context = sumOf(this.#recent, this.#before);
    if (context.throttled <= tolerated * totalOf(context)) return 'lucky';
    return {
      acceptedShare: answers.throttled === 0 ? context.accepted / totalOf(context) : answers.accepted / total,
      perSecond: (total / (nowMs - fromMs)) * 1_000,
    };
  }

  #measure(answers: Answers, nowMs: number): void {
    if (this.#episode === null && answers.throttled === 0) return;
    const { beganMs, fromMs, answers: sum } = this.#episode ?? { beganMs: nowMs, fromMs: null, answers: nothing };
    const startMs = fromMs ?? this.#startOf(nowMs - beganMs, answers, nowMs);
    const counts = startMs !== null && nowMs >= startMs;
    this.#episode = { beganMs, fromMs: startMs, answers: counts ? sumOf(sum, answers) : sum };
  }

  /** Measuring can start once a call made since the episode began would be accepted by now. */
  #startOf(elapsedMs: number, { accepted }: Answers, nowMs: number): number | null {
    const canTell = elapsedMs >= this.#latencyMs && (accepted > 0 || elapsedMs >= blindMs);
    return canTell ? nowMs + spreadMs : null;
  }

  #rotate(nowMs: number): void {
    if (nowMs - this.#rotatedMs < contextMs) return;
    this.#before = nowMs - this.#rotatedMs < 2 * contextMs ? this.#recent : nothing;
    this.#recent = nothing;
    this.#rotatedMs = nowMs;
  }
}
