/** Waiting, as a port: returns what cancels it. */
export interface Scheduler {
  after(ms: number, run: () => void): () => void;
}

export const systemScheduler: Scheduler = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

type Headers = Readonly<Record<string, string>>;

/** The part of a trace span that the sender uses. */
export interface Span {
  readonly headers: Headers;
  fail(message: string): void;
  /** UTC microseconds; now when absent. */
  end(atMicros?: number): void;
}

export interface SpanOptions {
  readonly kind?: 'client';
  readonly attributes?: Record<string, string | number | boolean>;
  /** UTC microseconds; now when absent. */
  readonly startMicros?: number;
}

/** Opens child spans of the trace that a record's headers carry. */
export interface SpanSource {
  child(name: string, headers: Headers, options?: SpanOptions): Span;
}

/** What the sender counts; names of accounts and reasons only, never of people. */
export interface SenderMetrics {
  claimed(account: string): void;
  returned(account: string, reason: string): void;
  closed(account: string, outcome: string): void;
  /** A claim's instant came: how late its check ran. */
  fired(account: string, lateMs: number): void;
  answered(account: string, answer: { class: string; reason: string }, ms: number | null): void;
  inFlight(account: string, calls: number): void;
  openingLost(): void;
}

export interface SenderLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
