/** Why a claimed attempt was not called at all. */
export type GateReason = 'deadline-passed' | 'gate-closed' | 'no-place-in-flight' | 'shutdown' | 'unknown-account' | 'unbuildable';

/** How far a call came that wrote no byte of its request. */
export type NetworkStage = 'dns' | 'connection-refused' | 'connect-timeout' | 'tls' | 'not-written';

/**
 * What reached us of an answer's body. `complete` = all the framing promised; `cut` and `timed-out` = it ended early;
 * `over-cap` = more than we read; `undecodable` = its content encoding is broken or unpacks to more than we read.
 */
export type BodyState = 'complete' | 'cut' | 'timed-out' | 'over-cap' | 'undecodable';

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case; of repeated headers the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bodyState: BodyState;
  readonly bytesWritten: number;
}

/**
 * What became of one attempt, as plain facts. `network` only when not one byte of the request was written; when that
 * is not certain it is `lost`.
 */
export type Observation =
  | { readonly kind: 'gate'; readonly reason: GateReason }
  | { readonly kind: 'network'; readonly stage: NetworkStage }
  | { readonly kind: 'lost'; readonly how: 'timeout' | 'reset'; readonly bytesWritten: number }
  | Answer;
