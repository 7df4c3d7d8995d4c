import { type Params } from './answers.ts';

/** Written when a request has been received, before any logic sees it. */
export interface ArrivalLine {
  readonly seq: number;
  /** Wall-clock microseconds, one clock for all lines, never decreasing. */
  readonly arrivedAtUs: number;
  /** The AC sid the request counts for; null when nothing in it tells. */
  readonly account: string | null;
  readonly method: string;
  readonly path: string;
  readonly params: Params;
  /** The StatusCallback that was asked for. */
  readonly callbackUrl: string | null;
  readonly ip: string;
}

/** Written when the exchange is over. */
export interface EndLine {
  readonly seq: number;
  /** The HTTP status put on the wire; null when none was (the caller left, or a fault). */
  readonly status: number | null;
  /** Twilio's error code of the answer. */
  readonly code: number | null;
  /** The resource that was created, even when the answer was lost or did not show it. */
  readonly sid: string | null;
  readonly endedAtUs: number;
  /** The fault that was applied; absent without one. */
  readonly fault?: string;
}

export type LedgerLine = ArrivalLine | EndLine;

export const isArrival = (line: LedgerLine): line is ArrivalLine => 'arrivedAtUs' in line;

/** The seq of a line without parsing it: every line starts with it. */
export const seqOf = (line: string): number => Number.parseInt(line.slice('{"seq":'.length), 10);
