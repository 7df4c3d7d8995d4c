import { Heap } from './heap.ts';
import type { Waiting } from './waiting.ts';

/** The due rows of one batch at one priority, lowest row first: what comes back goes ahead of newer rows. */
export interface Flow {
  readonly batchId: string;
  readonly rows: Heap<Waiting>;
  weight: number;
  /** Start tag of its next row. */
  start: number;
  /** Place among equal start tags. */
  turn: number;
  held: boolean;
  queued: boolean;
}

/** Start-time fair queueing over the batches of one priority: each gets its weight's share while it has rows. */
export class FairLevel {
  readonly #flows = new Map<string, Flow>();
  readonly #ready = new Heap<Flow>((a, b) => a.start < b.start || (a.start === b.start && a.turn < b.turn));
  #virtual = 0;
  #turns = 0;

  constructor(readonly priority: number) {}

  /** Whether a row may be due; a held batch found at the top is dropped here. */
  isReady(): boolean {
    return this.#top() !== undefined;
  }

  add(item: Waiting, terms: { weight: number; held: boolean }): void {
    const { batchId } = item.request;
    let flow = this.#flows.get(batchId);
    if (flow === undefined) {
      const rows = new Heap<Waiting>(lowerRow);
      flow = { batchId, rows, start: 0, turn: 0, queued: false, ...terms };
      this.#flows.set(batchId, flow);
    }
    flow.rows.push(item);
    this.#queue(flow);
  }

  /** The row whose turn it is. */
  take(): Waiting | undefined {
    const flow = this.#top();
    if (flow === undefined) return this.#forgetIdle();
    this.#ready.pop();
    flow.queued = false;
    const item = flow.rows.pop();
    this.#virtual = flow.start;
    flow.start += 1 / flow.weight;
    this.#queue(flow);
    return item;
  }

  hold(batchId: string, held: boolean): void {
    const flow = this.#flows.get(batchId);
    if (flow === undefined) return;
    flow.held = held;
    this.#queue(flow);
  }

  weigh(batchId: string, weight: number): void {
    const flow = this.#flows.get(batchId);
    if (flow !== undefined) flow.weight = weight;
  }

  remove(batchId: string): Waiting[] {
    return this.#flows.get(batchId)?.rows.extract(() => true) ?? [];
  }

  /** The rows next in turn of every batch that is not held. */
  *heads(): IterableIterator<Waiting> {
    for (const { rows, held } of this.#flows.values()) {
      const head = rows.peek();
      if (head !== undefined && !held) yield head;
    }
  }

  #top(): Flow | undefined {
    for (;;) {
      const flow = this.#ready.peek();
      if (flow === undefined || (!flow.held && flow.rows.size > 0)) return flow;
      this.#ready.pop();
      flow.queued = false;
    }
  }

  #queue(flow: Flow): void {
    if (flow.queued || flow.held || flow.rows.size === 0) return;
    flow.queued = true;
    flow.start = Math.max(flow.start, this.#virtual);
    flow.turn = this.#turns += 1;
    this.#ready.push(flow);
  }

  /** Nothing competes any more, so the tags of batches without rows mean nothing. */
  #forgetIdle(): undefined {
    for (const [batchId, flow] of this.#flows) if (flow.rows.size === 0) this.#flows.delete(batchId);
    return undefined;
  }
}

const lowerRow = (a: Waiting, b: Waiting): boolean =>
  a.request.row < b.request.row || (a.request.row === b.request.row && a.offset < b.offset);
