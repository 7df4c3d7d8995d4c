import { inspect } from 'node:util';

const MASK = '[secret]';

/**
 * A value that must never be printed: templates, JSON, inspect and loggers all see `[secret]`.
 * Only `reveal()` gives it out; call it where the value is handed to the vendor's client, nowhere else.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
