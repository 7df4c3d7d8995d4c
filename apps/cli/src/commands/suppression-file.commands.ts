import type { EntryProblem } from '@paceline/domain/ingest';
import type { Command } from 'commander';
import { contactKey } from '../contact-key.ts';
import { askedBy, nowMicros } from '../control-writing.ts';
import { CliError, exitCodes } from '../exit-code.ts';
import { formatOf, jsonAsked } from '../output-format.ts';
import { printRows } from '../print.ts';
import { accessOf, type Access } from '../program-access.ts';
import { consentItems, linesOf, listRows, type Consents, type Known } from '../suppressions/export-suppressions.ts';
import { changesOf, checkSuppressionFile } from '../suppressions/import-suppressions.ts';
import { knownNumbers } from '../suppressions/known-numbers.ts';
import { suppressionFileBytes } from '../suppressions/read-suppression-file.ts';
import { knownSenders } from '../suppressions/suppression-names.ts';
import { readSuppressions, writeSuppressions } from '../suppressions/suppression-table.ts';

interface ImportFlags {
  readonly by?: string;
  readonly skipInvalid?: boolean;
  readonly check?: boolean;
}

const problemsShown = 100;

function printProblems(problems: readonly EntryProblem[]): void {
  for (const { place, reason } of problems.slice(0, problemsShown)) process.stderr.write(`${place}: ${reason}\n`);
  if (problems.length > problemsShown) process.stderr.write(`and ${problems.length - problemsShown} more\n`);
}

async function importFile(access: Access, file: string, flags: ImportFlags) {
  const now = nowMicros();
  const by = askedBy(flags);
  const bytes = await suppressionFileBytes(file);
  const checked = await checkSuppressionFile({ name: file, bytes, contactKey: contactKey(access.dataDir), by, now });
  const ok = checked.problems.length === 0 || flags.skipInvalid === true;
  const { records, counts } = changesOf(ok ? checked.wishes : [], await readSuppressions(access), now);
  if (flags.check !== true) await writeSuppressions(access, records);
  return { checked, ok, counts };
}

function summaryOf(file: string, { checked, ok, counts }: Awaited<ReturnType<typeof importFile>>, isCheck: boolean) {
  const { kind, wishes, problems } = checked;
  return { schemaVersion: 1, file, kind, entries: wishes.length + problems.length, ...counts, written: ok && !isCheck, problems, ok };
}

function summaryText(summary: ReturnType<typeof summaryOf>): string {
  const { file, entries, problems, ok } = summary;
  const parts = (['added', 'changed', 'lifted', 'unchanged', 'expired', 'older'] as const).map((name) => `${name} ${summary[name]}`);
  if (!ok) return `${file}: ${problems.length} of ${entries} entries have problems, nothing is imported; --skip-invalid imports the others`;
  return `${file}: ${entries} entries: ${parts.join(', ')}, left out ${problems.length}${summary.written ? '' : '; nothing is written'}`;
}

function addImport(suppressions: Command, program: Command): void {
  suppressions
    .command('import <file>')
    .description("a list (contact,channel,sender,reason,expiresAt) or Twilio's bulk consents, as CSV or JSON; - is standard input")
    .option('--by <name>', 'who wants it; the name you are logged in with when absent')
    .option('--skip-invalid', 'import the entries without problems, and name the others')
    .option('--check', 'only look for problems and tell what would change')
    .addHelpText('after', '\nExample: paceline suppressions import opt-outs.csv --check')
    .action(async (file: string, flags: ImportFlags) => {
      const isJson = jsonAsked(program);
      const result = await importFile(accessOf(program), file, flags);
      const summary = summaryOf(file, result, flags.check === true);
      if (isJson) process.stdout.write(`${JSON.stringify(summary)}\n`);
      else {
        printProblems(summary.problems);
        (summary.ok ? process.stdout : process.stderr).write(`${summaryText(summary)}\n`);
      }
      if (!summary.ok) process.exitCode = exitCodes.refused;
    });
}

interface ExportFlags {
  readonly format: string;
  readonly numbers: readonly string[];
}

async function knownBy(access: Access, sources: readonly string[], contacts: readonly string[]): Promise<Known> {
  const numbers = new Map<string, string>();
  for (const from of sources) for (const [hash, number] of await knownNumbers(access, from, contacts)) numbers.set(hash, number);
  return { numbers, senders: sources.length === 0 ? new Map() : knownSenders(access) };
}

function printConsents(program: Command, { items, leftOut }: Consents): void {
  if (formatOf(program) === 'json') process.stdout.write(`${JSON.stringify({ Items: items })}\n`);
  else
    printRows(
      items.map((item) => ({ ...item })),
      exportForm(program),
    );
  if (leftOut === 0) return;
  process.stderr.write(
    `${leftOut} opt-outs are left out: their number or sender is not known, or Twilio keeps no consent of their channel\n`,
  );
  process.exitCode = exitCodes.unfinished;
}

/** A table is for eyes: an export is CSV unless another form is asked for. */
function exportForm(program: Command): 'json' | 'ndjson' | 'csv' {
  const format = formatOf(program);
  return format === 'table' ? 'csv' : format;
}

function addExport(suppressions: Command, program: Command): void {
  suppressions
    .command('export')
    .description('what holds now, as `import` reads it: CSV, or JSON with -o json; contacts are keyed hashes unless --numbers finds them')
    .option('--format <form>', "list, or consents for Twilio's bulk consents (opt-outs of known numbers)", 'list')
    .option(
      '--numbers <from>',
      'archive (the rows ClickHouse still holds), or a file with a column contact, to, phone or number; repeatable',
      (from: string, all: readonly string[]) => [...all, from],
      [] as readonly string[],
    )
    .addHelpText('after', '\nExample: paceline -o json suppressions export --format consents --numbers customers.csv')
    .action(async ({ format, numbers }: ExportFlags) => {
      if (format !== 'list' && format !== 'consents') throw new CliError(`--format ${format}: give list or consents`, exitCodes.usage);
      const access = accessOf(program);
      const lines = linesOf(await readSuppressions(access), nowMicros());
      const known = await knownBy(access, numbers, [...new Set(lines.map(({ contact }) => contact))]);
      if (format === 'consents') printConsents(program, consentItems(lines, known));
      else
        printRows(
          listRows(lines, known).map((row) => ({ ...row })),
          exportForm(program),
        );
    });
}

/** Lists in and out. */
export function addSuppressionFileCommands(suppressions: Command, program: Command): void {
  addImport(suppressions, program);
  addExport(suppressions, program);
}
