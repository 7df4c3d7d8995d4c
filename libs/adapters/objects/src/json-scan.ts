/**
 * Scans JSON text for the end of one value, without parsing it: minds strings and nesting only, so that a value may be
 * cut anywhere between two chunks. The value itself is then parsed strictly.
 */
export class JsonScan {
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** Index of the first `stops` character outside strings and brackets, from `from` on; -1 when there is none yet. */
  next(text: string, from: number, stops: string): number {
    for (let index = from; index < text.length; index++) {
      const character = text[index] ?? '';
      if (this.#inString) this.#inText(character);
      else if (this.#depth === 0 && stops.includes(character)) return index;
      else this.#outside(character);
    }
    return -1;
  }

  #inText(character: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (character === '\\') this.#escaped = true;
    else if (character === '"') this.#inString = false;
  }

  #outside(character: string): void {
    if (character === '"') this.#inString = true;
    else if (character === '{' || character === '[') this.#depth += 1;
    else if (character === '}' || character === ']') this.#depth -= 1;
  }
}
