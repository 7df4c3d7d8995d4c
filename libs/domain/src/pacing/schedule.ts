import { Heap } from './heap.ts';
import type { Strand } from './strand.ts';

/** Rows moved at once when a schedule comes due: a million of them must not hold a slice up. */
const movedAtOnce = 64;
const movedBelow = 16;

const headOf = ({ later }: Strand): number => later.peek()?.notBefore ?? Number.POSITIVE_INFINITY;

/** Strands with rows whose time has not come, by the next one's time. */
export class Schedule {
  readonly #strands = new Heap<Strand>(
    (a, b) => headOf(a) < headOf(b),
    (strand, at) => (strand.scheduled = at),
  );

  /** UTC microseconds; Infinity = nothing is scheduled. */
  dueAt(): number {
    const first = this.#strands.peek();
    return first === undefined ? Number.POSITIVE_INFINITY : headOf(first);
  }

  /** The head of the strand's later rows may have changed. */
  arrange(strand: Strand): void {
    const stands = strand.later.size > 0 && !(strand.ripe && strand.due.size > 0);
    if (stands && strand.scheduled >= 0) this.#strands.update(strand.scheduled);
    else if (stands) this.#strands.push(strand);
    else this.remove(strand);
  }

  remove(strand: Strand): void {
    if (strand.scheduled >= 0) this.#strands.remove(strand.scheduled);
  }

  /** A strand whose next row is due, with some of its due rows moved; undefined when there is none. */
  promote(at: number): Strand | undefined {
    const strand = this.#strands.peek();
    if (strand === undefined || headOf(strand) > at) return undefined;
    move(strand, at);
    this.arrange(strand);
    return strand;
  }

  /** A row of the strand went: more of its due ones follow when few are left. */
  follow(strand: Strand, at: number): void {
    if (!strand.ripe || strand.due.size >= movedBelow) return;
    move(strand, at);
    this.arrange(strand);
  }
}

function move(strand: Strand, at: number): void {
  for (let n = 0; n < movedAtOnce && headOf(strand) <= at; n += 1) {
    const item = strand.later.pop();
    if (item !== undefined) strand.due.push(item);
  }
  strand.ripe = headOf(strand) <= at;
}
