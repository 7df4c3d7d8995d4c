import type { AttemptStarted, ResponseRecorded } from '@paceline/contracts';

export type Headers = Readonly<Record<string, string>>;

/** What is known of an attempt besides its claim. */
export type Observation =
  | { readonly kind: 'response'; readonly attemptId: string; readonly response: ResponseRecorded }
  | { readonly kind: 'undecodable'; readonly attemptId: string; readonly where: string };

export interface HeldClaim {
  readonly kind: 'claim';
  readonly claim: AttemptStarted;
  readonly headers: Headers;
  /** Monotonic milliseconds at which its horizon has passed. */
  readonly dueMs: number;
}

/** An observation that came before its claim, or after the attempt was decided. */
export interface HeldObservation {
  readonly kind: 'early';
  readonly observation: Observation;
  readonly headers: Headers;
  readonly dueMs: number;
}

export type Held = HeldClaim | HeldObservation;

/** Without the due time: a monotonic clock means nothing to the next owner. */
type Durable = Omit<HeldClaim, 'dueMs'> | Omit<HeldObservation, 'dueMs'>;

export const freeze = (held: Held): string => JSON.stringify({ ...held, dueMs: undefined });

export const thaw = (text: string): Durable => JSON.parse(text) as Durable;
