import {
  requestIdOf,
  type AttemptStarted,
  type BatchAdmitted,
  type BatchProgressed,
  type BatchRead,
  type BatchRefused,
  type DuplicateFileSeen,
  type Micros,
  type RequestClosed,
  type RequestRefused,
  type ResponseRecorded,
  type RowsClosed,
} from '@paceline/contracts';
import { FingerprintSet } from './fingerprint-set.ts';
import { closedOutcomes, RowStates, type ClosedOutcome } from './row-states.ts';
import { Span } from './span-of-time.ts';

/** A row that ended as unknown. */
export interface Doubt {
  readonly requestId: string;
  readonly row: number;
  readonly reason: string;
  /** JSON text as recorded; null when there was none. */
  readonly evidence: string | null;
}

/** Doubts kept by name per batch; the count has no bound. */
export const mostDoubts = 10_000;

/** What the log says about one batch. rows = sum of outcomes + open, when it is balanced. */
export interface BatchTotals {
  readonly batchId: string;
  readonly account: string;
  /** File name, object key or intake stretch. */
  readonly file: string;
  readonly source: string;
  readonly rows: number;
  readonly admitted: number;
  /** Rows that were not admitted, those suppressed at admission included. */
  readonly refused: number;
  /** Segments of the admitted rows; 0 until the file is read. */
  readonly segments: number;
  readonly outcomes: Readonly<Record<ClosedOutcome, number>>;
  readonly open: number;
  /** Rows whose call may or may not have been processed. */
  readonly inDoubt: number;
  /** The first of them with what their outcome rests on; at most `mostDoubts`. */
  readonly doubts: readonly Doubt[];
  readonly reasons: Readonly<Record<string, number>>;
  /** Twilio's codes of deciding answers. */
  readonly codes: Readonly<Record<string, number>>;
  /** Reading is over and every row has its outcome. */
  readonly complete: boolean;
  /** The totals of the reader, of the refusals and of the outcomes agree, and no row has two outcomes. */
  readonly balanced: boolean;
  /** Events that gave a row another outcome than it had. */
  readonly conflicts: number;
  /** Set when the file, or its rest, was refused. */
  readonly refusal: { readonly code: string; readonly reason: string; readonly line: number | null } | null;
  /** Times the same content was found again and not sent. */
  readonly duplicates: number;
  readonly attempts: number;
  /** Attempts that were really called. */
  readonly calls: number;
  readonly throttled: number;
  readonly inFlight: number;
  readonly firstSlotAt: Micros | null;
  readonly lastSlotAt: Micros | null;
  readonly firstCallAt: Micros | null;
  readonly lastCallAt: Micros | null;
}

type Read = Pick<BatchProgressed, 'rows' | 'admitted' | 'refused'>;

const count = (counts: Record<string, number>, key: string | number): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};

/** Folds the events of one batch. At-least-once is the rule: the same fact twice counts once, in any order. */
export class BatchAccount {
  readonly #rows = new RowStates();
  readonly #outcomes = Object.fromEntries(closedOutcomes.map((outcome) => [outcome, 0])) as Record<ClosedOutcome, number>;
  readonly #reasons: Record<string, number> = {};
  readonly #codes: Record<string, number> = {};
  readonly #attempts = new FingerprintSet();
  readonly #answers = new FingerprintSet();
  readonly #slots = new Span();
  readonly #calls = new Span();
  readonly #duplicates = new Set<string>();
  /** Closings that know their request but not its row (its record was unreadable). */
  readonly #unplaced = new Map<string, RequestClosed>();
  readonly #doubts: Doubt[] = [];
  #identity = { account: '', file: '', source: '' };
  #progress: Read = { rows: 0, admitted: 0, refused: 0 };
  #read: (Read & Pick<BatchRead, 'segments'>) | null = null;
  #refusal: BatchTotals['refusal'] = null;
  #admitted = 0;
  #refused = 0;
  #conflicts = 0;
  #called = 0;
  #throttled = 0;

  constructor(private readonly batchId: string) {}

  named({ account, source, name }: Pick<BatchAdmitted, 'account' | 'source' | 'name'>): void {
    this.#identity = { account, source, file: name };
  }

  progressed(progress: BatchProgressed): void {
    if (progress.rows >= this.#progress.rows) this.#progress = progress;
  }

  read(read: BatchRead): void {
    this.#read = read;
  }

  fileRefused(refused: BatchRefused): void {
    if (this.#identity.file === '') this.named(refused);
    this.#refusal = { code: refused.code, reason: refused.reason, line: refused.line };
  }

  seenAgain({ meta }: DuplicateFileSeen): void {
    this.#duplicates.add(meta.eventId);
  }

  rowAdmitted(row: number): void {
    if (this.#rows.admit(row)) this.#admitted += 1;
  }

  rowRefused({ row, code }: RequestRefused): void {
    const outcome = code === 'suppressed-at-admission' ? 'suppressed' : 'refused';
    if (this.#close(row, outcome, code)) this.#refused += 1;
  }

  rowsClosed({ ranges, outcome, reason }: RowsClosed): void {
    if (outcome === 'open') return;
    for (const { from, to } of ranges) for (let row = from; row <= to; row += 1) this.#close(row, outcome, reason);
  }

  requestClosed(closed: RequestClosed): void {
    if (closed.row < 1) this.#unplaced.set(closed.requestId, closed);
    else this.#closeBy(closed, closed.row);
  }

  claimed({ attemptId, slotAt }: Pick<AttemptStarted, 'attemptId' | 'slotAt'>): void {
    if (this.#attempts.add(attemptId)) this.#slots.include(slotAt);
  }

  answered(response: ResponseRecorded): void {
    if (!this.#answers.add(response.attemptId) || response.class === 'NOT_SENT') return;
    this.#called += 1;
    if (response.calledAt !== null) this.#calls.include(response.calledAt);
    if (response.class === 'NOT_PROCESSED') this.#throttled += 1;
  }

  totals(): BatchTotals {
    this.#place();
    const { rows, admitted, refused } = this.#counts();
    const closed = closedOutcomes.reduce((sum, outcome) => sum + this.#outcomes[outcome], 0);
    const open = Math.max(0, rows - closed);
    return {
      batchId: this.batchId,
      ...this.#identity,
      ...{ rows, admitted, refused, open, segments: this.#read?.segments ?? 0 },
      outcomes: { ...this.#outcomes },
      inDoubt: this.#outcomes.unknown,
      doubts: [...this.#doubts],
      reasons: { ...this.#reasons },
      codes: { ...this.#codes },
      complete: this.#isOver() && open === 0,
      balanced: this.#isBalanced({ rows, admitted, refused }, closed),
      conflicts: this.#conflicts,
      refusal: this.#refusal,
      duplicates: this.#duplicates.size,
      ...this.#live(),
    };
  }

  #live(): Pick<
    BatchTotals,
    'attempts' | 'calls' | 'throttled' | 'inFlight' | 'firstSlotAt' | 'lastSlotAt' | 'firstCallAt' | 'lastCallAt'
  > {
    const attempts = this.#attempts.size;
    const silent = this.#reasons['claim-without-response'] ?? 0;
    return {
      ...{ attempts, calls: this.#called, throttled: this.#throttled },
      inFlight: Math.max(0, attempts - this.#answers.size - silent),
      ...{ firstSlotAt: this.#slots.first, lastSlotAt: this.#slots.last },
      ...{ firstCallAt: this.#calls.first, lastCallAt: this.#calls.last },
    };
  }

  /** The reader's totals where it gave them; what was seen of the rows where it did not yet. */
  #counts(): Read {
    if (this.#read !== null) return this.#read;
    const admitted = Math.max(this.#progress.admitted, this.#admitted);
    const refused = Math.max(this.#progress.refused, this.#refused);
    return { rows: Math.max(this.#progress.rows, admitted + refused), admitted, refused };
  }

  /** A file refused after some of its rows were admitted states its totals like any other. */
  #isOver(): boolean {
    return this.#read !== null || (this.#refusal !== null && this.#counts().rows === 0);
  }

  #isBalanced({ rows, admitted, refused }: Read, closed: number): boolean {
    const read = rows === admitted + refused && this.#rows.highest <= rows && closed <= rows;
    const seen = this.#admitted <= admitted && this.#refused === refused;
    return read && seen && this.#conflicts === 0 && this.#unplaced.size === 0;
  }

  #closeBy({ requestId, outcome, reason, code, evidence }: RequestClosed, row: number): void {
    if (outcome === 'open' || !this.#close(row, outcome, reason)) return;
    if (code !== null) count(this.#codes, code);
    if (outcome === 'unknown' && this.#doubts.length < mostDoubts) this.#doubts.push({ requestId, row, reason, evidence });
  }

  #close(row: number, outcome: ClosedOutcome, reason: string): boolean {
    const closed = this.#rows.close(row, outcome);
    if (closed === 'conflict') this.#conflicts += 1;
    if (closed !== 'first') return false;
    this.#outcomes[outcome] += 1;
    count(this.#reasons, reason);
    return true;
  }

  /** Finds the rows of closings that only know their request: their ids follow from batch and row. */
  #place(): void {
    const { rows } = this.#counts();
    for (let row = 1; row <= rows && this.#unplaced.size > 0; row += 1) {
      const requestId = requestIdOf(this.batchId, row);
      const closed = this.#unplaced.get(requestId);
      if (closed === undefined) continue;
      this.#unplaced.delete(requestId);
      this.#closeBy(closed, row);
    }
  }
}
