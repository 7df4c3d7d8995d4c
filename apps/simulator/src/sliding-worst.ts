/**
 * The most arrivals in any sliding window so far: two pointers over every arrival, never fixed buckets.
 * Instants must not decrease. The window is half-open: two arrivals exactly one window apart are not together.
 */
export class SlidingWorst {
  worst = 0;
  private readonly window: number;
  private ring = new Float64Array(1024);
  private head = 0;
  private tail = 0;

  constructor(window: number) {
    this.window = window;
  }

  add(at: number): void {
    while (this.tail < this.head && at - this.at(this.tail) >= this.window) this.tail += 1;
    if (this.head - this.tail === this.ring.length) this.grow();
    this.ring[this.head % this.ring.length] = at;
    this.head += 1;
    this.worst = Math.max(this.worst, this.head - this.tail);
  }

  private at(index: number): number {
    return this.ring[index % this.ring.length] ?? 0;
  }

  private grow(): void {
    const larger = new Float64Array(this.ring.length * 2);
    for (let index = this.tail; index < this.head; index += 1) larger[index % larger.length] = this.at(index);
    this.ring = larger;
  }
}
