import { Heap } from './heap.ts';
import { givesLowerRow, type Flow, type Strand } from './strand.ts';

const flowsKept = 64;

/**
 * Start-time fair queueing over the batches of one priority: each gets its weight's share while it has a row that may go.
 * A batch whose lanes are all closed leaves the queue and comes back without a debt or a credit.
 */
export class FairLevel {
  readonly #flows = new Map<string, Flow>();
  readonly #queue = new Heap<Flow>((a, b) => a.start < b.start || (a.start === b.start && a.turn < b.turn));
  #virtual = 0;
  #turns = 0;
  #pruneAt = flowsKept;

  constructor(readonly priority: number) {}

  get flows(): Iterable<Flow> {
    return this.#flows.values();
  }

  /** Whether a batch stands in line; one that cannot go is dropped here. */
  isReady(): boolean {
    return this.#first() !== undefined;
  }

  flow(batchId: string, { weight, held }: { readonly weight: number; readonly held: boolean }): Flow {
    let flow = this.#flows.get(batchId);
    if (flow === undefined) {
      this.#prune();
      const ready = new Heap<Strand>(givesLowerRow, (strand, at) => (strand.at = at));
      flow = { batchId, priority: this.priority, ready, weight, held, start: 0, turn: 0, queued: false, strands: 0 };
      this.#flows.set(batchId, flow);
    }
    return flow;
  }

  find(batchId: string): Flow | undefined {
    return this.#flows.get(batchId);
  }

  /** The strand may have its turn. */
  admit(strand: Strand): void {
    strand.place = 'ready';
    strand.flow.ready.push(strand);
    this.enqueue(strand.flow);
  }

  enqueue(flow: Flow): void {
    if (flow.queued || flow.held || flow.ready.size === 0) return;
    flow.queued = true;
    flow.start = Math.max(flow.start, this.#virtual);
    flow.turn = this.#turns += 1;
    this.#queue.push(flow);
  }

  /** The strand whose turn it is at that instant; those found before a closed gate are parked there. */
  pick(at: number): Strand | null {
    for (let flow = this.#first(); flow !== undefined; flow = this.#first()) {
      const strand = openStrand(flow, at);
      if (strand !== null) return strand;
    }
    return null;
  }

  /** A row of the flow at the head of the queue went. */
  charge(flow: Flow): void {
    this.#virtual = flow.start;
    if (this.#queue.peek() === flow) this.#queue.pop();
    else if (flow.queued) throw new Error('a row went out of turn');
    flow.queued = false;
    flow.start += 1 / flow.weight;
    this.enqueue(flow);
  }

  #first(): Flow | undefined {
    for (;;) {
      const flow = this.#queue.peek();
      if (flow === undefined || (!flow.held && flow.ready.size > 0)) return flow;
      this.#queue.pop();
      flow.queued = false;
    }
  }

  /** Batches without rows whose tags say no more than a new one's would. */
  #prune(): void {
    if (this.#flows.size < this.#pruneAt) return;
    for (const [batchId, flow] of this.#flows) {
      if (flow.strands === 0 && !flow.queued && flow.start <= this.#virtual) this.#flows.delete(batchId);
    }
    this.#pruneAt = Math.max(flowsKept, 2 * this.#flows.size);
  }
}

function openStrand(flow: Flow, at: number): Strand | null {
  for (let strand = flow.ready.peek(); strand !== undefined; strand = flow.ready.peek()) {
    if (strand.passesOrParks(at)) return strand;
  }
  return null;
}
