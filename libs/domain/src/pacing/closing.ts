import type { Closure } from './closures.ts';
import type { Strand } from './strand.ts';
import type { Waiting } from './waiting.ts';

/** Rows that were taken out whole, to be judged one by one; null = the row stays. */
interface Retired {
  readonly strand: Strand;
  readonly judge: (item: Waiting) => Closure | null;
  readonly stays: (item: Waiting) => void;
}

/** Rows that wait for nothing but the commit of their outcome: a bounded number of them goes with every slice. */
export class Closing {
  #closures: Closure[] = [];
  #retired: Retired[] = [];

  get size(): number {
    let size = this.#closures.length;
    for (const { strand } of this.#retired) size += strand.size;
    return size;
  }

  /** Judged rows, in memory. */
  get judged(): number {
    return this.#closures.length;
  }

  add(closure: Closure): void {
    this.#closures.push(closure);
  }

  retire(retired: Retired): void {
    this.#retired.push(retired);
  }

  /** The next rows to close; rows that stay go back meanwhile. */
  next(most: number): Closure[] {
    const closures = this.#closures.slice(0, most);
    this.#closures = this.#closures.slice(most);
    let looked = closures.length;
    for (let last = this.#retired.at(-1); last !== undefined && looked < most; last = this.#retired.at(-1), looked += 1) {
      const item = last.strand.due.pop() ?? last.strand.later.pop();
      if (item === undefined) this.#retired.pop()?.strand.drop();
      else judge(last, item, closures);
    }
    return closures;
  }
}

function judge({ judge: judgement, stays }: Retired, item: Waiting, closures: Closure[]): void {
  const closure = judgement(item);
  if (closure === null) stays(item);
  else closures.push(closure);
}
