// The whole file is checked first: with a problem in it nothing is written, unless lines with problems are to be left out.
import { contactOf, type OutputRecord } from '@paceline/contracts';
import {
  ContactHash,
  RepeatedEntries,
  suppressionFileKind,
  wishOf,
  type EntryContext,
  type EntryProblem,
  type SuppressionFileKind,
} from '@paceline/domain/ingest';
import { SuppressionChanges, type SuppressionChange, type SuppressionWish } from '@paceline/domain/routing';
import type { SuppressionIndex } from '@paceline/domain/sending';
import { CliError, exitCodes } from '../exit-code.ts';
import { writtenFileOf, type WrittenFile } from './read-suppression-file.ts';

export interface ImportOptions {
  readonly name: string;
  readonly bytes: Buffer;
  readonly contactKey: string;
  readonly by: string;
  /** UTC microseconds. */
  readonly now: number;
}

export interface CheckedFile {
  readonly kind: SuppressionFileKind;
  readonly wishes: readonly SuppressionWish[];
  readonly problems: readonly EntryProblem[];
}

/** What the file says, and every problem of it. Throws where it cannot be read at all. */
export async function checkSuppressionFile({ name, bytes, contactKey, by, now }: ImportOptions): Promise<CheckedFile> {
  const written = await writtenFileOf(name, bytes);
  if (written.entries.length === 0 && written.problems.length === 0) throw new CliError(`${name}: holds no entries`, exitCodes.refused);
  const kind = suppressionFileKind(written.columns);
  if (typeof kind === 'object') throw new CliError(`${name}: ${kind.reason}`, exitCodes.refused);
  // An unkeyed hash of a file with one number in it would tell that number to whoever tries them all.
  const file = `file:${contactOf(contactKey, bytes.toString('latin1'))}`;
  return { kind, ...checked(written, kind, { hashes: new ContactHash(contactKey), by, now, file }) };
}

function checked(written: WrittenFile, kind: SuppressionFileKind, context: EntryContext): Omit<CheckedFile, 'kind'> {
  const wishes: SuppressionWish[] = [];
  const problems: EntryProblem[] = [...written.problems];
  const repeated = new RepeatedEntries();
  for (const entry of written.entries) {
    const said = wishOf(kind, entry, context);
    const problem = 'place' in said ? said : repeated.check(entry.place, said);
    if (problem === null) wishes.push(said as SuppressionWish);
    else problems.push(problem);
  }
  return { wishes, problems: problems.toSorted(byPlace) };
}

const numberOf = ({ place }: EntryProblem): number => Number(/\d+/.exec(place)?.[0] ?? 0);

const byPlace = (one: EntryProblem, other: EntryProblem): number => numberOf(one) - numberOf(other);

export type ImportCounts = Readonly<Record<SuppressionChange, number>>;

/** The records that make the file true, against the table as it is; none when it was imported before. */
export function changesOf(
  wishes: readonly SuppressionWish[],
  table: SuppressionIndex,
  now: number,
): { readonly records: readonly OutputRecord[]; readonly counts: ImportCounts } {
  const counts = { added: 0, changed: 0, lifted: 0, unchanged: 0, expired: 0, older: 0 };
  const changes = new SuppressionChanges(table, now);
  for (const wish of wishes) counts[changes.take(wish)] += 1;
  return { records: changes.records, counts };
}
