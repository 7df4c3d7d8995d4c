interface Window {
  readonly filtered: number;
  readonly total: number;
}

const filteredWindow = 100;
const filteredShare = 0.05;
const mostKept = 5_000;

/**
 * Evidence that a lane or a batch is wrong as a whole: so many configuration errors without one acceptance between them,
 * or too large a share of filtered messages. Bounded: the ones longest unheard are forgotten.
 */
export class BreakerRun {
  readonly #errors = new Map<string, number>();
  readonly #windows = new Map<string, Window>();

  constructor(private readonly stopAfter: number) {}

  /** True once the run is long enough; it begins anew then. */
  failed(entity: string, errors: number): boolean {
    const run = (this.#errors.get(entity) ?? 0) + errors;
    const isLong = run >= this.stopAfter;
    keep(this.#errors, entity, isLong ? null : run);
    return isLong;
  }

  /** One acceptance ends a run. */
  accepted(entity: string): void {
    this.#errors.delete(entity);
  }

  /** Share of filtered messages of the last hundred or more, when it is too large; else null. */
  filtered(entity: string, answers: Window): number | null {
    const { filtered, total } = this.#windows.get(entity) ?? { filtered: 0, total: 0 };
    const sum = { filtered: filtered + answers.filtered, total: total + answers.total };
    const isFull = sum.total >= filteredWindow;
    keep(this.#windows, entity, isFull ? null : sum);
    const share = sum.filtered / sum.total;
    return isFull && share > filteredShare ? share : null;
  }
}

function keep<T>(map: Map<string, T>, key: string, value: T | null): void {
  map.delete(key);
  if (value !== null) map.set(key, value);
  if (map.size <= mostKept) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
