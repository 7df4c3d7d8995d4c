import type { Waiting } from './waiting.ts';

interface Granted {
  readonly attempt: number;
  readonly number: number;
}

/** Remembers the newest entries, at least so many and at most twice as many. */
class Recent<V> {
  #young = new Map<string, V>();
  #old = new Map<string, V>();

  constructor(private readonly kept: number) {}

  get(key: string): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  set(key: string, value: V): void {
    this.#young.set(key, value);
    if (this.#young.size < this.kept) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}

/**
 * Which attempts began to wait or were granted lately: the second line against a row that stands in the log twice. The
 * first line, and the only one across a takeover, are the offsets. Its memory is bounded whatever waits: what is written
 * twice is written twice soon. Rows that came back are remembered apart, so that a flood of new ones does not displace them.
 */
export class AttemptLedger {
  readonly #admitted: Recent<number>;
  readonly #cameBack: Recent<number>;
  readonly #granted: Recent<Granted>;

  constructor(remembered = 50_000) {
    this.#admitted = new Recent(remembered);
    this.#cameBack = new Recent(remembered);
    this.#granted = new Recent(remembered);
  }

  /** False when this attempt waits already, or its slot is out, or the returned slot is not the one that is out. */
  wait(item: Waiting): boolean {
    const { requestId } = item.request;
    const waiting = Math.max(this.#admitted.get(requestId) ?? 0, this.#cameBack.get(requestId) ?? 0);
    if (waiting >= item.attempt) return false;
    const granted = this.#granted.get(requestId);
    if (granted !== undefined && !follows(item, granted)) return false;
    this.carried(item);
    return true;
  }

  /** The row was appended again by the pacer itself, together with the end of its older record: it waits, unconditionally. */
  carried(item: Waiting): void {
    const isNew = item.attempt === 1 && item.returned === null;
    (isNew ? this.#admitted : this.#cameBack).set(item.request.requestId, item.attempt);
  }

  /** The row does not wait any more and got no slot. */
  close({ request, attempt }: Waiting): void {
    for (const waiting of [this.#admitted, this.#cameBack]) {
      if (waiting.get(request.requestId) === attempt) waiting.delete(request.requestId);
    }
  }

  grant(item: Waiting, number: number): void {
    this.close(item);
    this.#granted.set(item.request.requestId, { attempt: item.attempt, number });
  }
}

const follows = (item: Waiting, granted: Granted): boolean =>
  item.attempt > granted.attempt || (item.attempt === granted.attempt && item.returned === granted.number);
