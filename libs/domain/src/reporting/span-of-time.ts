import type { Micros } from '@paceline/contracts';

/** First and last of the instants it was given. */
export class Span {
  first: Micros | null = null;
  last: Micros | null = null;

  include(at: Micros): void {
    this.first = this.first === null ? at : Math.min(this.first, at);
    this.last = this.last === null ? at : Math.max(this.last, at);
  }
}
