import { FileRefused } from './file-refused.ts';
import { countLineEnds } from './row-splitter.ts';

export interface CsvRecord {
  readonly fields: readonly string[];
  /** Line where it starts, 1-based. */
  readonly line: number;
  /** Why its fields cannot be trusted; null when they can. */
  readonly fault: string | null;
}

const quote = 34;
const lf = 10;
const cr = 13;

const openQuote = 'a quote stands inside an unquoted field: quote the whole field and double the quote';
const afterQuote = 'text follows a closing quote: double the quotes that belong to the text';

/**
 * RFC 4180 with any of LF, CR LF and CR as line end. A record with a misplaced quote is reported as one bad record up
 * to its line end, and reading goes on after it: fields are never shifted, and no good record is swallowed.
 */
export class CsvRecords {
  #text = '';
  #at = 0;
  #line = 1;
  #final = false;
  #fault: string | null = null;
  readonly #delimiter: number;

  constructor(
    delimiter: string,
    private readonly maxRecordChars: number,
  ) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  get line(): number {
    return this.#line;
  }

  push(text: string): CsvRecord[] {
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
    return this.#records();
  }

  end(): CsvRecord[] {
    this.#final = true;
    return this.push('');
  }

  #records(): CsvRecord[] {
    const records: CsvRecord[] = [];
    for (;;) {
      const start = this.#at;
      const fields = start < this.#text.length ? this.#record() : null;
      if (fields === null) {
        this.#at = start;
        this.#checkUnfinished();
        return records;
      }
      records.push({ fields, line: this.#line, fault: this.#fault });
      this.#line += countLineEnds(this.#text, start, this.#at);
    }
  }

  /** Fields up to and with the line end; null when the text ends before. */
  #record(): string[] | null {
    const fields: string[] = [];
    this.#fault = null;
    for (;;) {
      const field = this.#text.charCodeAt(this.#at) === quote ? this.#quoted() : this.#plain();
      if (field === null) return null;
      fields.push(field);
      if (this.#at < this.#text.length && this.#text.charCodeAt(this.#at) === this.#delimiter) this.#at += 1;
      else return this.#lineEnd() ? fields : null;
    }
  }

  /** A field without quotes, up to the separator or line end; null when its end is not there yet. */
  #plain(): string | null {
    const from = this.#at;
    let at = from;
    for (; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (this.#isFieldEnd(code)) break;
      if (code === quote) this.#fault ??= openQuote;
    }
    if (at === this.#text.length && !this.#final) return null;
    this.#at = at;
    return this.#text.slice(from, at);
  }

  #quoted(): string | null {
    const from = this.#at + 1;
    let doubled = false;
    for (let close = this.#text.indexOf('"', from); close >= 0; close = this.#text.indexOf('"', close + 2)) {
      if (close + 1 === this.#text.length && !this.#final) return null;
      if (this.#text.charCodeAt(close + 1) !== quote) return this.#closed(from, close, doubled);
      doubled = true;
    }
    if (this.#final) throw this.#unclosed();
    return null;
  }

  #closed(from: number, close: number, doubled: boolean): string | null {
    this.#at = close + 1;
    const value = this.#text.slice(from, close);
    if (this.#at < this.#text.length && !this.#isFieldEnd(this.#text.charCodeAt(this.#at))) {
      this.#fault ??= afterQuote;
      const rest = this.#plain();
      return rest === null ? null : `${value}"${rest}`;
    }
    return doubled ? value.replaceAll('""', '"') : value;
  }

  #isFieldEnd(code: number): boolean {
    return code === this.#delimiter || code === lf || code === cr;
  }

  /** Steps over the line end; false when a CR is the last character and its LF may follow. */
  #lineEnd(): boolean {
    if (this.#at >= this.#text.length) return this.#final;
    const isCr = this.#text.charCodeAt(this.#at) === cr;
    if (isCr && this.#at + 1 === this.#text.length && !this.#final) return false;
    this.#at += isCr && this.#text.charCodeAt(this.#at + 1) === lf ? 2 : 1;
    return true;
  }

  #checkUnfinished(): void {
    if (this.#text.length - this.#at <= this.maxRecordChars) return;
    if (this.#text.indexOf('"', this.#at) >= 0) throw this.#unclosed();
    throw new FileRefused('unknown-format', `a line has more than ${this.maxRecordChars} characters`, this.#line);
  }

  #unclosed(): FileRefused {
    return new FileRefused(
      'broken-quotes',
      'a quote that opens in the row starting here is never closed: the rest cannot be read',
      this.#line,
    );
  }
}
