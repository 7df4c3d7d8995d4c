import { controlKey, type ControlSet } from '@paceline/contracts';
import { controlOf, type Control, type ControlId } from './control.ts';

/** The controls in force, as every service reads them. */
export interface Controls {
  /** Of an entity; the operator's before the breaker's before the adaptive ones. */
  of(entity: string): readonly Control[];
  all(): Iterable<Control>;
  /** As it was written; null = none is in force. */
  valueOf(id: ControlId): string | null;
}

/** Controls that may be behind the log. */
export interface FreshControls {
  readonly inForce: Controls;
  /** False while the latest word may be missing. */
  isFresh(): boolean;
}

/** The table of `paceline.controls` as a service holds it. */
export interface ControlTable {
  entries(): Iterable<readonly [string, ControlSet]>;
  onChange(listener: (key: string, data: ControlSet | undefined) => void): unknown;
}

const order = ['operator', 'breaker', 'adaptive'] as const;
const none: readonly Control[] = [];

const rank = ({ origin }: Control): number => order.indexOf(origin);

/** Folds the records of the table by entity: a question about an entity without a control costs one look. */
export class ControlIndex implements Controls {
  readonly #records = new Map<string, ControlSet>();
  readonly #byEntity = new Map<string, readonly Control[]>();

  /** Kept current from now on. */
  static over(table: ControlTable): ControlIndex {
    const index = new ControlIndex();
    table.onChange((key, data) => index.apply(key, data));
    for (const [key, data] of table.entries()) index.apply(key, data);
    return index;
  }

  /** Takes one change of the table; undefined removes the key. */
  apply(key: string, data: ControlSet | undefined): void {
    const old = this.#records.get(key);
    if (old !== undefined) this.#replace(old, null);
    this.#records.delete(key);
    if (data === undefined || data.value === null) return;
    this.#records.set(key, data);
    this.#replace(data, controlOf(data));
  }

  of(entity: string): readonly Control[] {
    return this.#byEntity.get(entity) ?? none;
  }

  *all(): Iterable<Control> {
    for (const controls of this.#byEntity.values()) yield* controls;
  }

  valueOf(id: ControlId): string | null {
    return this.#records.get(controlKey(id))?.value ?? null;
  }

  #replace({ entity, aspect, origin }: ControlSet, control: Control | null): void {
    const others = this.of(entity).filter((one) => one.aspect !== aspect || one.origin !== origin);
    const present = control === null ? others : [...others, control].sort((a, b) => rank(a) - rank(b));
    if (present.length === 0) this.#byEntity.delete(entity);
    else this.#byEntity.set(entity, present);
  }
}
