import type { Waiting } from './waiting.ts';

interface Granted {
  readonly attempt: number;
  readonly number: number;
}

/**
 * Which attempts wait and which were granted lately: the second line against a row that stands in the log twice. The
 * first line, and the only one across a takeover, are the offsets.
 */
export class AttemptLedger {
  readonly #waiting = new Map<string, number>();
  #granted = new Map<string, Granted>();
  #older = new Map<string, Granted>();

  constructor(private readonly remembered = 200_000) {}

  /** False when this attempt waits already, or its slot is out, or the returned slot is not the one that is out. */
  wait(item: Waiting): boolean {
    const { requestId } = item.request;
    if ((this.#waiting.get(requestId) ?? 0) >= item.attempt) return false;
    const granted = this.#granted.get(requestId) ?? this.#older.get(requestId);
    if (granted !== undefined && !follows(item, granted)) return false;
    this.#waiting.set(requestId, item.attempt);
    return true;
  }

  /** The row does not wait any more and got no slot. */
  close(item: Waiting): void {
    if (this.#waiting.get(item.request.requestId) === item.attempt) this.#waiting.delete(item.request.requestId);
  }

  grant(item: Waiting, number: number): void {
    this.close(item);
    this.#granted.set(item.request.requestId, { attempt: item.attempt, number });
    if (this.#granted.size < this.remembered) return;
    this.#older = this.#granted;
    this.#granted = new Map();
  }
}

const follows = (item: Waiting, granted: Granted): boolean =>
  item.attempt > granted.attempt || (item.attempt === granted.attempt && item.returned === granted.number);
