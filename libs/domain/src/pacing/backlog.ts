import type { Request } from '@paceline/contracts';
import { FairLevel } from './flow.ts';
import type { GateWheel } from './gate-wheel.ts';
import { PriorityShares } from './priority-shares.ts';
import type { RowShelf } from './row-shelf.ts';
import { Schedule } from './schedule.ts';
import { Strand, type Flow, type Gateway } from './strand.ts';
import type { Waiting } from './waiting.ts';

/** What holds for a batch now. */
export interface BatchTerms {
  readonly held: boolean;
  readonly weight: number;
  /** Replaces the rows' own priority; null = does not. */
  readonly priority: number | null;
}

export interface BacklogTerms {
  readonly shelf: RowShelf;
  readonly wheel: GateWheel;
  readonly minShare: number;
  batch(batchId: string): BatchTerms;
  readonly gates: Gates;
}

/** What rows must pass. */
interface Gates {
  /** Rows of one batch and priority with the same passage pass the same gates. */
  passage(request: Request): string;
  of(request: Request): readonly Gateway[];
}

/** The row whose turn it is; out of the backlog, not yet paid for. */
export interface Pick {
  readonly item: Waiting;
  readonly strand: Strand;
}

/**
 * The waiting rows of one account, by turn: strict priorities with a share for the lower ones, fair among the batches of a
 * priority, file order inside a batch. A strand before a closed gate waits there and delays nobody. Cost of a row is
 * logarithmic in batches and lanes, whatever the number of rows. A cache of the log: it may be lost and rebuilt.
 */
export class Backlog {
  readonly #strands = new Map<string, Strand>();
  readonly #schedule = new Schedule();
  readonly #shares: PriorityShares;
  #levels: FairLevel[] = [];
  #size = 0;
  /** Priorities that stood in line when the last row was picked, highest first. */
  #inLine: number[] = [];

  constructor(private readonly terms: BacklogTerms) {
    this.#shares = new PriorityShares(terms.minShare);
  }

  /** Rows waiting, due or not, held ones included. */
  get size(): number {
    return this.#size;
  }

  get strands(): Iterable<Strand> {
    return this.#strands.values();
  }

  add(item: Waiting): void {
    const strand = this.#strandOf(item);
    (item.notBefore > 0 ? strand.later : strand.due).push(item);
    this.#size += 1;
    this.#settle(strand);
  }

  /** Takes the row whose turn it is at that instant; null when none may go. */
  take(at: number): Pick | null {
    for (let strand = this.#schedule.promote(at); strand !== undefined; strand = this.#schedule.promote(at)) this.#settle(strand);
    for (;;) {
      const strand = this.#pick(at);
      const item = strand?.due.pop();
      if (strand === null || item === undefined) return null;
      if (item.notBefore <= at) return this.#taken({ strand, item }, at);
      strand.later.push(item); // only after the clock stepped back
      this.#settle(strand);
    }
  }

  /** The picked row got its slot: its batch and its gates are charged. Before the next row is taken. */
  charge({ item, strand }: Pick, slotAt: number): void {
    const { flow } = strand;
    this.#shares.went(flow.priority, this.#inLine);
    this.#level(flow.priority).charge(flow);
    for (const gate of strand.gates) gate.pass(strand, slotAt, item.request.cost);
  }

  /** 0 when a row may go now, else the next instant at which one may; null when none will by itself. */
  dueAt(): number | null {
    if (this.#levels.some((level) => level.isReady())) return 0;
    const next = Math.min(this.terms.wheel.dueAt(), this.#schedule.dueAt());
    return Number.isFinite(next) ? next : null;
  }

  /** A control about the batch has changed: its rows stand where they belong now. */
  refreshBatch(batchId: string): void {
    const terms = this.terms.batch(batchId);
    for (const strand of this.#strandsOf(({ terms: own }) => own.batchId === batchId)) {
      const flow = this.#level(terms.priority ?? strand.terms.priority).flow(batchId, terms);
      if (flow !== strand.flow) this.#moveTo(strand, flow);
    }
    for (const level of this.#levels) {
      const flow = level.find(batchId);
      if (flow === undefined) continue;
      flow.weight = terms.weight;
      flow.held = terms.held;
      for (const strand of flow.ready.items) strand.leaveGates();
      level.enqueue(flow);
    }
  }

  /** What the strands that match must pass has changed. */
  regate(matches: (strand: Strand) => boolean): void {
    for (const strand of this.#strandsOf(matches)) {
      this.#standDown(strand);
      this.#gate(strand);
      this.#settle(strand);
    }
  }

  /** Takes strands out whole, with their rows; whoever takes them empties and drops them. */
  retire(matches: (strand: Strand) => boolean): Strand[] {
    const retired = this.#strandsOf(matches);
    for (const strand of retired) {
      this.#size -= strand.size;
      this.#remove(strand);
      strand.place = 'retired';
    }
    return retired;
  }

  #strandsOf(matches: (strand: Strand) => boolean): Strand[] {
    return [...this.#strands.values()].filter(matches);
  }

  #taken(pick: Pick, at: number): Pick {
    this.#size -= 1;
    this.#schedule.follow(pick.strand, at);
    this.#settle(pick.strand);
    return pick;
  }

  /** The strand whose turn it is among those that pass every gate. */
  #pick(at: number): Strand | null {
    const { wheel } = this.terms;
    let heads: Strand[];
    do {
      for (const strand of wheel.letIn(at)) this.#level(strand.flow.priority).admit(strand);
      heads = this.#levels.flatMap((level) => level.pick(at) ?? []);
    } while (wheel.isDue(at));
    this.#inLine = heads.map(({ flow }) => flow.priority);
    const turn = this.#shares.turn(this.#inLine);
    return heads.find(({ flow }) => flow.priority === turn) ?? null;
  }

  /** After its rows changed, the strand stands where its head belongs. */
  #settle(strand: Strand): void {
    strand.lookUp();
    this.#schedule.arrange(strand);
    if (strand.due.size === 0) this.#standDown(strand);
    else if (strand.place === 'parked') strand.parkedAt?.reorder(strand);
    else if (strand.place === 'ready') strand.flow.ready.update(strand.at);
    else this.#level(strand.flow.priority).admit(strand);
    if (strand.size > 0) return;
    this.#remove(strand);
    strand.drop();
  }

  /** It waits for no turn any more. */
  #standDown(strand: Strand): void {
    if (strand.place === 'ready') strand.flow.ready.remove(strand.at);
    strand.leaveGates();
    strand.place = 'idle';
  }

  #remove(strand: Strand): void {
    this.#standDown(strand);
    this.#schedule.remove(strand);
    for (const gate of strand.gates) gate.users -= 1;
    strand.flow.strands -= 1;
    this.#strands.delete(strand.terms.key);
  }

  #moveTo(strand: Strand, flow: Flow): void {
    this.#standDown(strand);
    strand.flow.strands -= 1;
    strand.flow = flow;
    flow.strands += 1;
    this.#settle(strand);
  }

  #gate(strand: Strand): void {
    const { sample } = strand;
    if (sample === undefined) return;
    for (const gate of strand.gates) gate.users -= 1;
    strand.gates = this.terms.gates.of(sample.request);
    for (const gate of strand.gates) gate.users += 1;
  }

  #strandOf(item: Waiting): Strand {
    const { batchId, priority, lane } = item.request;
    const key = `${batchId}/${priority}/${this.terms.gates.passage(item.request)}`;
    const known = this.#strands.get(key);
    if (known !== undefined) return known;
    const batch = this.terms.batch(batchId);
    const flow = this.#level(batch.priority ?? priority).flow(batchId, batch);
    const strand = new Strand({ key, batchId, lane, priority, shelf: this.terms.shelf, thinned: this.#thinned }, flow);
    flow.strands += 1;
    strand.gates = this.terms.gates.of(item.request);
    for (const gate of strand.gates) gate.users += 1;
    this.#strands.set(key, strand);
    return strand;
  }

  readonly #thinned = (strand: Strand, rows: number): void => {
    this.#size -= rows;
    this.#settle(strand);
  };

  #level(priority: number): FairLevel {
    let level = this.#levels.find((candidate) => candidate.priority === priority);
    if (level === undefined) {
      level = new FairLevel(priority);
      this.#levels = [...this.#levels, level].sort((a, b) => b.priority - a.priority);
    }
    return level;
  }
}
