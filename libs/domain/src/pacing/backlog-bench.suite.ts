import { Backlog, type BatchTerms } from './backlog.ts';
import { Gate, type Door } from './gate.ts';
import { GateWheel } from './gate-wheel.ts';
import { admitted, noon } from './pacing-bench.suite.ts';
import { RowShelf } from './row-shelf.ts';
import { MemoryRowStore } from './row-store.memory.ts';
import { waitingOf, type RequestEvent, type Waiting } from './waiting.ts';

const waiting = (event: RequestEvent, offset: number): Waiting => waitingOf(event, { offset, traceparent: null });

/** Open from an instant on, for everybody. */
export class HandDoor implements Door {
  readonly isScarce = true;
  readonly passed: number[] = [];
  from = 0;

  opensAt(at: number): number {
    return Math.max(at, this.from);
  }

  pay(slotAt: number): void {
    this.passed.push(slotAt);
  }
}

/** A backlog whose lanes are doors that a spec opens by hand. */
export class BacklogBench {
  readonly store = new MemoryRowStore();
  readonly doors = new Map<string, HandDoor>();
  readonly batches = new Map<string, Partial<BatchTerms>>();
  readonly #wheel = new GateWheel();
  readonly #gates = new Map<string, Gate>();
  readonly backlog: Backlog;
  #offset = 0;

  constructor(residentRows = 1_000) {
    this.backlog = new Backlog({
      shelf: new RowShelf(this.store, residentRows),
      wheel: this.#wheel,
      minShare: 0.05,
      batch: (batchId) => ({ held: false, weight: 1, priority: null, ...this.batches.get(batchId) }),
      gates: { passage: ({ lane }) => lane, of: ({ lane }) => [this.#gate(lane)] },
    });
  }

  add(...events: readonly RequestEvent[]): this {
    for (const one of events) this.backlog.add(waiting(one, (this.#offset += 1)));
    return this;
  }

  /** Opens a lane at an instant; Infinity shuts it. */
  lane(name: string, from: number): this {
    const gate = this.#gate(name);
    (gate.door as HandDoor).from = from;
    this.#wheel.stir(gate);
    return this;
  }

  batch(batchId: string, terms: Partial<BatchTerms>): this {
    this.batches.set(batchId, terms);
    this.backlog.refreshBatch(batchId);
    return this;
  }

  take(at = noon): Waiting | null {
    const pick = this.backlog.take(at);
    if (pick === null) return null;
    this.backlog.charge(pick, at);
    return pick.item;
  }

  drain(at = noon, most = 10_000): string[] {
    const taken: string[] = [];
    for (let item = this.take(at); item !== null; item = taken.length < most ? this.take(at) : null) {
      taken.push(`${item.request.batchId}:${item.request.row}`);
    }
    return taken;
  }

  #gate(lane: string): Gate {
    let gate = this.#gates.get(lane);
    if (gate === undefined) {
      gate = new Gate(new HandDoor(), 0.05, (stirred) => this.#wheel.stir(stirred));
      this.#gates.set(lane, gate);
    }
    return gate;
  }
}

export const rowsOf = (first: number, last: number, over: Parameters<typeof admitted>[1] = {}): RequestEvent[] =>
  Array.from({ length: last - first + 1 }, (_, n) => admitted(first + n, over));
