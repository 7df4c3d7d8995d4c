import { Heap } from './heap.ts';
import { PriorityShares } from './priority-shares.ts';
import { givesLowerRow, type Flow, type Gateway, type Strand } from './strand.ts';

/** The rule behind a gate. */
export interface Door {
  /** Whether passing uses up what others wait for. */
  readonly isScarce: boolean;
  opensAt(at: number): number;
  /** A row of that cost passed at that instant. */
  pay(slotAt: number, cost: number): void;
}

/** The strands of one flow at one gate. */
interface Line {
  readonly flow: Flow;
  readonly strands: Heap<Strand>;
  /** Let in and not gone on yet; the others of the line come after it. */
  awake: Strand | null;
  start: number;
  turn: number;
  at: number;
  active: boolean;
}

/** Most flows of one priority let in at once: an opening stays cheap however many batches wait for it. */
const mostLetIn = 16;
const linesKept = 64;

/**
 * Strands that wait for the same thing. They cost nothing until it opens; then the first ones of each flow are let in, by
 * priority and in fair turns, since a scarce lane is shared like the account is. Promise: while the gate is open, every
 * flow in line has a strand that was let in, or will have one as soon as another went.
 */
export class Gate<D extends Door = Door> implements Gateway {
  /** When it stands on the wheel. */
  due = Number.POSITIVE_INFINITY;
  at = -1;
  users = 0;
  readonly #lines = new Map<Flow, Line>();
  readonly #queued = new Map<number, Heap<Line>>();
  readonly #active = new Map<number, number>();
  readonly #shares: PriorityShares;
  /** Lines with somebody in them, let in or not. */
  #waiting = 0;
  #virtual = 0;
  #turns = 0;

  constructor(
    readonly door: D,
    minShare: number,
    /** Somebody may be let in whom it was not worth asking for before. */
    private readonly stirred: (gate: Gate) => void,
  ) {
    this.#shares = new PriorityShares(minShare);
  }

  opensAt(at: number): number {
    return this.door.opensAt(at);
  }

  /** Nobody passes those who wait: while a line stands here, only who was let in goes through. */
  admits(strand: Strand): boolean {
    return this.#waiting === 0 || !this.door.isScarce || this.#lines.get(strand.flow)?.awake === strand;
  }

  /** Whether a line stands here in which nobody is let in. */
  get isWaitedFor(): boolean {
    for (const lines of this.#queued.values()) if (lines.size > 0) return true;
    return false;
  }

  park(strand: Strand): void {
    const line = this.#line(strand.flow);
    if (line.awake === strand) line.awake = null;
    strand.place = 'parked';
    strand.parkedAt = this;
    line.strands.push(strand);
    this.#arrange(line);
    this.stirred(this);
  }

  leave(strand: Strand): void {
    const line = this.#lines.get(strand.flow);
    if (line === undefined) return;
    if (strand.parkedAt === this) {
      strand.parkedAt = null;
      line.strands.remove(strand.at);
    } else if (line.awake === strand) line.awake = null;
    else return;
    this.#arrange(line);
    this.stirred(this);
  }

  reorder(strand: Strand): void {
    this.#lines.get(strand.flow)?.strands.update(strand.at);
  }

  /** The strands whose turn it is, first one first; the caller finds them a place. */
  letIn(): Strand[] {
    const strands: Strand[] = [];
    const lines = this.#queued.get(this.#shares.turn(this.#priorities()) ?? 0);
    for (let n = 0; n < mostLetIn; n += 1) {
      const line = lines?.pop();
      const strand = line?.strands.pop();
      if (line === undefined || strand === undefined) break;
      line.awake = strand;
      strand.parkedAt = null;
      strands.push(strand);
    }
    return strands;
  }

  pass(strand: Strand, slotAt: number, cost: number): void {
    this.door.pay(slotAt, cost);
    if (this.#waiting === 0) return;
    const { flow } = strand;
    this.#shares.went(flow.priority, this.#priorities());
    const line = this.#lines.get(flow);
    if (line !== undefined) this.#charge(line, strand);
    this.stirred(this);
  }

  #charge(line: Line, strand: Strand): void {
    this.#virtual = Math.max(this.#virtual, line.start);
    line.start += 1 / line.flow.weight;
    if (line.awake === strand) line.awake = null;
    if (line.at >= 0) this.#queued.get(line.flow.priority)?.update(line.at);
    this.#arrange(line);
  }

  #line(flow: Flow): Line {
    let line = this.#lines.get(flow);
    if (line === undefined) {
      if (this.#lines.size >= linesKept) this.#forget();
      const strands = new Heap<Strand>(givesLowerRow, (strand, at) => (strand.at = at));
      line = { flow, strands, awake: null, start: 0, turn: 0, at: -1, active: false };
      this.#lines.set(flow, line);
    }
    return line;
  }

  /** The line stands in the queue while somebody in it can be let in, and counts while anybody is in it. */
  #arrange(line: Line): void {
    const stands = line.awake === null && line.strands.size > 0;
    if (stands !== line.at >= 0) this.#queue(line, stands);
    const active = line.awake !== null || line.strands.size > 0;
    if (active !== line.active) this.#count(line, active);
  }

  #queue(line: Line, stands: boolean): void {
    const lines = this.#linesOf(line.flow.priority);
    if (!stands) {
      lines.remove(line.at);
      return;
    }
    line.start = Math.max(line.start, this.#virtual);
    line.turn = this.#turns += 1;
    lines.push(line);
  }

  #count(line: Line, active: boolean): void {
    const { priority } = line.flow;
    line.active = active;
    this.#waiting += active ? 1 : -1;
    this.#active.set(priority, (this.#active.get(priority) ?? 0) + (active ? 1 : -1));
  }

  #linesOf(priority: number): Heap<Line> {
    let lines = this.#queued.get(priority);
    if (lines === undefined) {
      lines = new Heap<Line>(comesBefore, (line, at) => (line.at = at));
      this.#queued.set(priority, lines);
    }
    return lines;
  }

  #priorities(): number[] {
    const waiting: number[] = [];
    for (const [priority, lines] of this.#active) if (lines > 0) waiting.push(priority);
    return waiting.sort((a, b) => b - a);
  }

  /** A line whose tag says no more than a new one's would. */
  #forget(): void {
    for (const [flow, line] of this.#lines) if (!line.active && line.start <= this.#virtual) this.#lines.delete(flow);
  }
}

const comesBefore = (a: Line, b: Line): boolean => a.start < b.start || (a.start === b.start && a.turn < b.turn);
