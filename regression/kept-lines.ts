// What a long run has finished, one JSON line each, so that a run cut off goes on where it was.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Without a file nothing is kept. Whether an older line still counts is the caller's to say. */
export class KeptLines<T extends object> {
  readonly before: readonly T[];

  constructor(private readonly file: string | null) {
    const text = file === null || !existsSync(file) ? '' : readFileSync(file, 'utf8');
    this.before = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
  }

  keep(one: T): void {
    if (this.file !== null) appendFileSync(this.file, `${JSON.stringify(one)}\n`);
  }
}
