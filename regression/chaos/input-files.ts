// The files of a run: what the judge knows of a row, it knows from here.
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { batchIdOf, requestIdOf } from '@paceline/contracts';

export interface FileRow {
  readonly requestId: string;
  /** Its own in the whole run, so that the ledger shows a double by the number alone. */
  readonly to: string;
  /** UTC microseconds; null = it does not expire. */
  readonly expiresAt: number | null;
  /** Its recipient is suppressed while it waits. */
  readonly suppressed: boolean;
}

export interface DroppedFile {
  readonly name: string;
  readonly batchId: string;
  readonly rows: readonly FileRow[];
}

export interface FileTerms {
  readonly rows: number;
  /** UTC microseconds. */
  readonly now: number;
}

const from = '+15005550006';
const expiresAfterMicros = 6_000_000;

const isBad = (row: number): boolean => row % 150 === 7;
const isExpiring = (row: number): boolean => row % 60 === 11;
/** Late rows of a file, so that the suppression is visible long before their slots. */
const isSuppressed = (row: number, rows: number): boolean => row > rows * 0.9 && row % 20 === 3;

/** Drops files into a watched folder: most rows are plain, some are refused, some expire, some recipients are suppressed. */
export class InputFiles {
  readonly files: DroppedFile[] = [];
  #numbers = 0;

  constructor(
    private readonly account: string,
    private readonly folders: { readonly inbox: string; readonly aside: string },
  ) {
    for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  }

  /** Whole and at once: written aside, then moved. */
  drop({ rows, now }: FileTerms): DroppedFile {
    const name = `rows-${this.files.length + 1}.csv`;
    const expiresAt = now + expiresAfterMicros;
    const drafts = Array.from({ length: rows }, (_, at) => this.#draft(at + 1, rows, expiresAt));
    const lines = drafts.map(({ to, expiresAt: ends }) => `${to},${from},text for ${to},${ends === null ? '' : isoOf(ends)}`);
    const content = ['To,From,Body,ExpiresAt', ...lines, ''].join('\n');
    const batchId = batchIdOf(createHash('sha256').update(content).digest('hex'), this.account, '');
    const file = { name, batchId, rows: drafts.map((draft, at) => ({ ...draft, requestId: requestIdOf(batchId, at + 1) })) };
    this.files.push(file);
    writeFileSync(join(this.folders.aside, name), content);
    renameSync(join(this.folders.aside, name), join(this.folders.inbox, name));
    return file;
  }

  #draft(row: number, rows: number, expiresAt: number): Omit<FileRow, 'requestId'> {
    const number = `+1500${2_000_000 + (this.#numbers += 1)}`;
    return {
      to: isBad(row) ? `nobody-${this.#numbers}` : number,
      expiresAt: isExpiring(row) ? expiresAt : null,
      suppressed: !isBad(row) && isSuppressed(row, rows),
    };
  }
}

const isoOf = (micros: number): string => new Date(micros / 1_000).toISOString();
