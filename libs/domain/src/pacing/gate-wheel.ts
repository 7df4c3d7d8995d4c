import type { Gate } from './gate.ts';
import { Heap } from './heap.ts';
import type { Strand } from './strand.ts';

/** The gates before which somebody waits, by the instant at which they open. One that opens for nobody is not on it. */
export class GateWheel {
  readonly #gates = new Heap<Gate>(
    (a, b) => a.due < b.due,
    (gate, at) => (gate.at = at),
  );
  readonly #stirred = new Set<Gate>();
  /** The instant up to which rows were looked for last. */
  #at = 0;

  /** What the gate waits for may have changed. */
  stir(gate: Gate): void {
    this.#stirred.add(gate);
  }

  dueAt(): number {
    this.#arrange();
    return this.#gates.peek()?.due ?? Number.POSITIVE_INFINITY;
  }

  isDue(at: number): boolean {
    return this.dueAt() <= at;
  }

  /** Opens what is due at that instant; the strands let in, first one first. */
  letIn(at: number): Strand[] {
    this.#at = at;
    const strands: Strand[] = [];
    while (this.dueAt() <= at) {
      const gate = this.#gates.pop() as Gate;
      strands.push(...gate.letIn());
    }
    return strands;
  }

  /** After a step of the clock no instant on the wheel means anything. */
  restart(gates: Iterable<Gate>, at: number): void {
    this.#at = at;
    for (const gate of gates) this.stir(gate);
  }

  #arrange(): void {
    for (const gate of this.#stirred) {
      gate.due = gate.isWaitedFor ? gate.opensAt(this.#at) : Number.POSITIVE_INFINITY;
      const leaves = gate.due === Number.POSITIVE_INFINITY;
      if (gate.at >= 0) {
        if (leaves) this.#gates.remove(gate.at);
        else this.#gates.update(gate.at);
      } else if (!leaves) this.#gates.push(gate);
    }
    this.#stirred.clear();
  }
}
