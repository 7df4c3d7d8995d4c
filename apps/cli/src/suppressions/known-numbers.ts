// A keyed hash cannot be turned back. A number is known again only where it is found elsewhere: among the rows that the
// archive still holds, or in a file that its owner brings.
import { contactOf } from '@paceline/contracts';
import { contactFault, phoneOf } from '@paceline/domain/ingest';
import { contactKey } from '../contact-key.ts';
import { CliError, exitCodes } from '../exit-code.ts';
import type { StackAccess } from '../stack-access.ts';
import { suppressionFileBytes, writtenFileOf } from './read-suppression-file.ts';

const contactsAtOnce = 1_000;

const archiveQuery = `SELECT contact, any(\`to\`) AS number FROM personal
  WHERE kind = 'request' AND \`to\` != '' AND contact IN ({contacts: Array(String)}) GROUP BY contact`;

/** Numbers by their keyed hash, from `archive` or from a file. */
export async function knownNumbers(access: StackAccess, from: string, contacts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return from === 'archive' ? archivedNumbers(access, contacts) : numbersOfFile(access, from);
}

async function archivedNumbers(access: StackAccess, contacts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const sql = await access.sql();
  const numbers = new Map<string, string>();
  for (let at = 0; at < contacts.length; at += contactsAtOnce) {
    const asked = contacts.slice(at, at + contactsAtOnce);
    const found = await sql.ask<{ contact: string; number: string }>(archiveQuery, { contacts: asked });
    for (const { contact, number } of found) numbers.set(contact, phoneOf(number));
  }
  return numbers;
}

const numberColumns = ['contact', 'contact_id', 'to', 'phone', 'number'];

async function numbersOfFile(access: StackAccess, path: string): Promise<ReadonlyMap<string, string>> {
  const key = contactKey(access.dataDir);
  const { columns, entries } = await writtenFileOf(path, await suppressionFileBytes(path));
  const column = columns.find((name) => numberColumns.includes(name.toLowerCase()));
  if (column === undefined) throw new CliError(`${path}: no column ${numberColumns.join(', ')}`, exitCodes.usage);
  const numbers = entries.map(({ values }) => (values[column] ?? '').trim()).filter((number) => contactFault(number) === null);
  return new Map(numbers.map((number) => [contactOf(key, phoneOf(number)), phoneOf(number)]));
}
