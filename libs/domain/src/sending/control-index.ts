import type { ControlSet, Request, ReturnReason } from '@paceline/contracts';

/** What a control does to a slot: end the row, or send it back to wait for what the reason names. */
export type ControlGate = { readonly act: 'close' } | { readonly act: 'return'; readonly reason: ReturnReason };

type Closing = 'cancelled' | 'paused' | 'breaker';

interface Entry {
  readonly entity: string;
  readonly aspect: string;
  readonly value: unknown;
}

/**
 * The controls table as the sender needs it. Any origin closes a gate (the most restrictive wins), and a value that is
 * not understood closes it too.
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
    const account = this.#closings(`account:${request.account}`);
    const batch = this.#closings(`batch:${request.batchId}`);
    const lane = this.#laneClosings(request);
    const all = [account, batch, lane];
    if (all.some((closings) => closings.has('cancelled'))) return { act: 'close' };
    if (account.has('paused') || lane.has('paused')) return { act: 'return', reason: 'account-paused' };
    if (batch.has('paused')) return { act: 'return', reason: 'batch-paused' };
    if (all.some((closings) => closings.has('breaker'))) return { act: 'return', reason: 'breaker-open' };
    return null;
  }

  /** The lowest in-flight cap any origin asks for; null when none does. */
  capOf(account: string): number | null {
    const caps = [...this.#of(`account:${account}`)].filter(({ aspect, value }) => aspect === 'cap' && typeof value === 'number');
    return caps.length === 0 ? null : Math.min(...caps.map(({ value }) => value as number));
  }

  #of(entity: string): Iterable<Entry> {
    return this.#byEntity.get(entity)?.values() ?? [];
  }

  #laneClosings(request: Request): ReadonlySet<Closing> {
    return new Set([...this.#closings(`lane:${request.lane}`), ...this.#closings(`lane:${request.account}/${request.lane}`)]);
  }

  #closings(entity: string): ReadonlySet<Closing> {
    const found = new Set<Closing>();
    for (const { aspect, value } of this.#of(entity)) {
      const closing = closingOf(aspect, value);
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

function closingOf(aspect: string, value: unknown): Closing | null {
  if (value === false || value === null) return null;
  if (aspect === 'cancelled') return 'cancelled';
  if (aspect === 'paused' || aspect === 'parked') return 'paused';
  return aspect === 'breaker' && isOpen(value) ? 'breaker' : null;
}

/** A half-open breaker lets through what the pacer grants: the probe. */
function isOpen(value: unknown): boolean {
  const state = typeof value === 'object' && value !== null ? (value as { state?: unknown }).state : value;
  return state !== 'closed' && state !== 'half-open';
}
