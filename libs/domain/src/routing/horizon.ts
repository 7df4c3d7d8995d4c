/** The time-outs a claim's answer can still be under way for. */
export interface HorizonParts {
  readonly lateToleranceMs: number;
  readonly clientTimeoutMs: number;
  readonly providerTimeoutMs: number;
  readonly skewMs: number;
}

/** H is computed, never set: after it no answer of a call made in time can still arrive. */
export const horizonMsOf = (parts: HorizonParts): number =>
  parts.lateToleranceMs + parts.clientTimeoutMs + parts.providerTimeoutMs + parts.skewMs;
