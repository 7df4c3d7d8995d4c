type Place<T> = (item: T, at: number) => void;

/**
 * Binary min-heap by a strict order. One that is told a `place` tells every item where it stands, so that an item whose
 * order changed can be moved or taken out of the middle; -1 = it stands here no more.
 */
export class Heap<T> {
  #items: T[] = [];

  constructor(
    private readonly before: (a: T, b: T) => boolean,
    private readonly place: Place<T> | null = null,
  ) {}

  get size(): number {
    return this.#items.length;
  }

  /** In no order. */
  get items(): readonly T[] {
    return this.#items;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  pop(): T | undefined {
    const first = this.#items[0];
    if (first !== undefined) this.remove(0);
    return first;
  }

  /** Takes out what stands at a place. */
  remove(at: number): void {
    const gone = this.#items[at];
    const last = this.#items.pop();
    if (gone === undefined || last === undefined) throw new RangeError(`nothing stands at ${at}`);
    this.place?.(gone, -1);
    if (last === gone) return;
    this.#items[at] = last;
    this.update(at);
  }

  /** The order of what stands at a place has changed. */
  update(at: number): void {
    const item = this.#items[at];
    if (item === undefined) throw new RangeError(`nothing stands at ${at}`);
    const parent = this.#items[(at - 1) >> 1];
    if (at > 0 && parent !== undefined && this.before(item, parent)) this.#rise(item, at);
    else this.#sink(item, at);
  }

  /** Keeps the first ones and takes out the rest, in order. */
  keep(most: number): T[] {
    const sorted = this.#items.sort((a, b) => (this.before(a, b) ? -1 : 1));
    const rest = sorted.splice(most);
    for (const item of rest) this.place?.(item, -1);
    sorted.forEach((item, at) => this.place?.(item, at));
    return rest;
  }

  /** Takes out what matches, at most so many, in no order. */
  extract(matches: (item: T) => boolean, most = Number.POSITIVE_INFINITY): T[] {
    const out: T[] = [];
    const rest = this.#items.filter((item) => {
      const taken = out.length < most && matches(item);
      if (taken) out.push(item);
      return !taken;
    });
    if (out.length === 0) return out;
    this.#items = [];
    for (const item of out) this.place?.(item, -1);
    for (const item of rest) this.push(item);
    return out;
  }

  #set(item: T, at: number): void {
    this.#items[at] = item;
    this.place?.(item, at);
  }

  #rise(item: T, from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#items[parent] as T;
      if (!this.before(item, above)) break;
      this.#set(above, at);
      at = parent;
    }
    this.#set(item, at);
  }

  #sink(item: T, from: number): void {
    const size = this.#items.length;
    let at = from;
    for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
      const right = child + 1;
      if (right < size && this.before(this.#items[right] as T, this.#items[child] as T)) child = right;
      if (!this.before(this.#items[child] as T, item)) break;
      this.#set(this.#items[child] as T, at);
      at = child;
    }
    this.#set(item, at);
  }
}
