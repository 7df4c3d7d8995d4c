/** Collects what would be logged, so that a failing spec can show it and a passing one stays silent. */
export class QuietLogger {
  readonly lines: string[] = [];

  debug(): void {
    // Not kept: only what an operator would see.
  }

  info(fields: object, message: string): void {
    this.#keep('info', fields, message);
  }

  warn(fields: object, message: string): void {
    this.#keep('warn', fields, message);
  }

  error(fields: object, message: string): void {
    this.#keep('error', fields, message);
  }

  #keep(level: string, fields: object, message: string): void {
    this.lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  }
}
