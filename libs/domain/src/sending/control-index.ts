import type { ControlSet, Request, ReturnReason } from '@paceline/contracts';

/** What a control does to a slot: end the row, or send it back to wait for what the reason names. */
export type ControlGate = { readonly act: 'close' } | { readonly act: 'return'; readonly reason: ReturnReason };

type Closing = 'cancelled' | 'paused' | 'parked' | 'breaker';

interface Entry {
  readonly entity: string;
  readonly aspect: string;
  readonly value: unknown;
}

/**
 * The controls table as the sender needs it. Any origin closes a gate (the most restrictive wins), and a value that is
 * not understood closes it too. What the pacer grants to a half-open breaker or a probed lane is the probe: it goes through.
 * The pacer reads the same words the same way (pacing/pace-controls.ts).
 */
export class ControlIndex {
  readonly #entries = new Map<string, Entry>();
  readonly #byEntity = new Map<string, Map<string, Entry>>();

  /** Takes one change of the table; undefined removes the key. */
  apply(key: string, data: ControlSet | undefined): void {
    const old = this.#entries.get(key);
    if (old !== undefined) this.#byEntity.get(old.entity)?.delete(key);
    this.#entries.delete(key);
    if (data === undefined || data.value === null) return;
    const entry = { entity: data.entity, aspect: data.aspect, value: parsed(data.value) };
    this.#entries.set(key, entry);
    const known = this.#byEntity.get(data.entity) ?? new Map<string, Entry>();
    this.#byEntity.set(data.entity, known.set(key, entry));
  }

  /** The gate in this request's way; null when all are open. */
  gateOf(request: Request): ControlGate | null {
    const account = this.#closings(`account:${request.account}`, closingOf);
    const batch = this.#closings(`batch:${request.batchId}`, closingOf);
    const lane = this.#laneClosings(request);
    if (account.has('cancelled') || batch.has('cancelled')) return { act: 'close' };
    if (account.has('paused')) return { act: 'return', reason: 'account-paused' };
    if (account.has('breaker') || batch.has('breaker')) return { act: 'return', reason: 'breaker-open' };
    if (batch.has('paused')) return { act: 'return', reason: 'batch-paused' };
    return lane.size > 0 ? { act: 'return', reason: 'lane-parked' } : null;
  }

  /** The lowest in-flight cap any origin asks for; null when none does. */
  capOf(account: string): number | null {
    const caps = [...this.#of(`account:${account}`)].filter(({ aspect, value }) => aspect === 'cap' && typeof value === 'number');
    return caps.length === 0 ? null : Math.min(...caps.map(({ value }) => value as number));
  }

  #of(entity: string): Iterable<Entry> {
    return this.#byEntity.get(entity)?.values() ?? [];
  }

  #laneClosings({ account, lane }: Request): ReadonlySet<Closing> {
    return new Set([...this.#closings(`lane:${lane}`, laneClosingOf), ...this.#closings(`lane:${account}/${lane}`, laneClosingOf)]);
  }

  #closings(entity: string, judge: (entry: Entry) => Closing | null): ReadonlySet<Closing> {
    const found = new Set<Closing>();
    for (const entry of this.#of(entity)) {
      const closing = judge(entry);
      if (closing !== null) found.add(closing);
    }
    return found;
  }
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Anything but a clear no counts as yes: a stop must never be missed. */
const isNo = (value: unknown): boolean => value === null || value === false || value === 'closed';

function closingOf({ aspect, value }: Entry): Closing | null {
  if (isNo(value)) return null;
  if (aspect === 'cancelled' || aspect === 'paused') return aspect;
  if (aspect === 'parked') return value === 'probing' ? null : 'parked';
  return aspect === 'breaker' && value !== 'half-open' ? 'breaker' : null;
}

/** A lane is cancelled up to an instant: the pacer closes those rows, later ones go on. */
const laneClosingOf = (entry: Entry): Closing | null =>
  entry.aspect === 'cancelled' && typeof entry.value === 'number' && entry.value >= 0 ? null : closingOf(entry);
