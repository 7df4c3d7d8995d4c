import type { RawRow } from '@paceline/domain/ingest';
import { FileRefused } from './file-refused.ts';
import { rowOfValue } from './json-row.ts';
import { JsonScan } from './json-scan.ts';
import type { RowSplitter, SplitRows } from './row-splitter.ts';

/** Where in the document the next character stands. */
type Phase = 'start' | 'key' | 'value' | 'rows-start' | 'row' | 'row-next' | 'after-rows' | 'end';

const blank = /\s/;

/**
 * JSON as `{"messages": [...]}` or a bare array, row by row: each element is cut out by its brackets and parsed
 * strictly, so its line is known and memory holds one row. Broken JSON refuses the rest, with the line.
 */
export class JsonRows implements RowSplitter {
  #text = '';
  #at = 0;
  #line = 1;
  #row = 0;
  #phase: Phase = 'start';
  #bare = false;
  #found = false;
  #key = '';
  #scan: JsonScan | null = null;
  #scanned = 0;
  readonly #rows: RawRow[] = [];

  constructor(
    private readonly maxRecordChars: number,
    private readonly maxDepth: number,
  ) {}

  get line(): number {
    return this.#line;
  }

  push(text: string): SplitRows {
    this.#text = this.#text.slice(this.#at) + text;
    this.#scanned -= this.#at;
    this.#at = 0;
    while (this.#step());
    if (this.#text.length - this.#at > this.maxRecordChars) throw this.#broken(`a value has more than ${this.maxRecordChars} characters`);
    return { rows: this.#rows.splice(0) };
  }

  end(): SplitRows {
    if (this.#phase === 'start') throw new FileRefused('empty-file', 'holds nothing', 1);
    if (this.#phase !== 'end') throw this.#broken('the text ends in the middle');
    if (!this.#found) throw new FileRefused('unknown-format', 'the object has no "messages" list', 1);
    return { rows: this.#rows.splice(0) };
  }

  /** One token or value; false when more text is needed. */
  #step(): boolean {
    const first = this.#skipBlanks();
    return first !== '' && this.#steps[this.#phase](first);
  }

  readonly #steps: Readonly<Record<Phase, (first: string) => boolean>> = {
    start: (first) => this.#begin(first),
    key: (first) => (first === '}' ? this.#take('end') : this.#readKey()),
    value: (first) => (this.#key === 'messages' && first === '[' ? this.#beginRows() : this.#skipValue()),
    'rows-start': (first) => (first === ']' ? this.#endRows() : this.#to('row')),
    row: () => this.#readRow(),
    'row-next': (first) => (first === ',' ? this.#take('row') : this.#endRows()),
    'after-rows': (first) => this.#afterMember(first),
    end: () => {
      throw this.#broken('text follows the end of the document');
    },
  };

  #begin(first: string): boolean {
    this.#bare = first === '[';
    if (this.#bare) return this.#beginRows();
    if (first !== '{') throw this.#broken('neither an array nor an object');
    return this.#take('key');
  }

  #beginRows(): boolean {
    if (this.#found) throw this.#broken('"messages" stands twice');
    this.#found = true;
    return this.#take('rows-start');
  }

  #endRows(): boolean {
    return this.#take(this.#bare ? 'end' : 'after-rows');
  }

  #afterMember(first: string): boolean {
    if (first === ',') return this.#take('key');
    if (first === '}') return this.#take('end');
    throw this.#broken('a comma or the end of the object is missing');
  }

  #readKey(): boolean {
    const text = this.#valueUpTo(':');
    if (text === null) return false;
    const key = this.#parsed(text);
    if (typeof key !== 'string') throw this.#broken('a member of the object has no name');
    this.#key = key;
    return this.#take('value');
  }

  #skipValue(): boolean {
    const text = this.#valueUpTo(',}');
    if (text === null) return false;
    this.#parsed(text);
    return this.#to('after-rows');
  }

  #readRow(): boolean {
    const line = this.#line;
    const text = this.#valueUpTo(',]');
    if (text === null) return false;
    const value = this.#parsed(text, line);
    this.#row += 1;
    this.#rows.push(rowOfValue(value, { row: this.#row, line }, this.maxDepth));
    return this.#to('row-next');
  }

  /** Text up to a stop character, which stays; null when it is not there yet. */
  #valueUpTo(stops: string): string | null {
    if (this.#scan === null) {
      this.#scan = new JsonScan();
      this.#scanned = this.#at;
    }
    const stop = this.#scan.next(this.#text, this.#scanned, stops);
    this.#scanned = stop < 0 ? this.#text.length : stop;
    if (stop < 0) return null;
    this.#scan = null;
    const text = this.#text.slice(this.#at, stop);
    this.#at = stop;
    return text;
  }

  #parsed(text: string, line = this.#line): unknown {
    try {
      const value: unknown = JSON.parse(text);
      this.#line += text.split('\n').length - 1;
      return value;
    } catch {
      const what = this.#phase === 'row' ? `row ${this.#row + 1}` : 'the document';
      throw new FileRefused('broken-json', `${what} cannot be read as JSON: the rest cannot be trusted`, line);
    }
  }

  #skipBlanks(): string {
    while (this.#scan === null && this.#at < this.#text.length && blank.test(this.#text[this.#at] ?? '')) {
      if (this.#text[this.#at] === '\n') this.#line += 1;
      this.#at += 1;
    }
    return this.#text[this.#at] ?? '';
  }

  #take(phase: Phase): boolean {
    this.#at += 1;
    return this.#to(phase);
  }

  #to(phase: Phase): boolean {
    this.#phase = phase;
    return true;
  }

  #broken(reason: string): FileRefused {
    return new FileRefused('broken-json', reason, this.#line);
  }
}
