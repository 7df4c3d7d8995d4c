/** Binary min-heap by a strict order. */
export class Heap<T> {
  #items: T[] = [];

  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    let at = this.#items.length;
    this.#items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#items[parent] as T;
      if (!this.before(item, above)) break;
      this.#items[at] = above;
      at = parent;
    }
    this.#items[at] = item;
  }

  pop(): T | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (this.#items.length > 0 && last !== undefined) this.#sink(last);
    return first;
  }

  /** Takes out everything that matches, in no order. */
  extract(matches: (item: T) => boolean): T[] {
    const out = this.#items.filter(matches);
    if (out.length === 0) return out;
    const rest = this.#items.filter((item) => !matches(item));
    this.#items = [];
    for (const item of rest) this.push(item);
    return out;
  }

  #sink(item: T): void {
    const size = this.#items.length;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const right = child + 1;
      if (right < size && this.before(this.#items[right] as T, this.#items[child] as T)) child = right;
      if (!this.before(this.#items[child] as T, item)) break;
      this.#items[at] = this.#items[child] as T;
      at = child;
    }
    this.#items[at] = item;
  }
}
