import { ContactHash, suppressionTarget, type SuppressionTarget, type WrittenTarget } from '@paceline/domain/ingest';
import { maskText } from '@paceline/domain/archiving';
import { instant, type SuppressionLine } from '@paceline/domain/reporting';
import { SuppressionChanges } from '@paceline/domain/routing';
import type { Command } from 'commander';
import { contactKey } from '../contact-key.ts';
import { askedBy, nowMicros, withWishOptions, type WishOptions } from '../control-writing.ts';
import { CliError, exitCodes } from '../exit-code.ts';
import { formatOf, jsonAsked } from '../output-format.ts';
import { printRows } from '../print.ts';
import { accessOf, type Access } from '../program-access.ts';
import { linesOf } from '../suppressions/export-suppressions.ts';
import { endOf, liftSuppressions } from '../suppressions/lift-suppressions.ts';
import { knownSenders, scopeText } from '../suppressions/suppression-names.ts';
import { readSuppressions, writeSuppressions } from '../suppressions/suppression-table.ts';
import { addSuppressionFileCommands } from './suppression-file.commands.ts';

interface TargetOptions extends WishOptions {
  readonly channel?: string;
  readonly sender?: string;
}

const withTarget = (command: Command): Command =>
  withWishOptions(
    command
      .option('--channel <name>', 'sms, voice, whatsapp, verify or *; every channel when absent')
      .option('--sender <sender>', 'only from this sender, as rows name it: a number, a short code or MG...; needs --channel'),
  );

/** Options name a number, which goes no further than this: all that is written is its keyed hash. */
function targetOf(access: Access, { channel = '', sender = '', contact }: Partial<WrittenTarget> & { contact: string }): SuppressionTarget {
  const target = suppressionTarget({ contact, channel, sender }, new ContactHash(contactKey(access.dataDir)));
  if (typeof target === 'string') throw new CliError(target, exitCodes.usage);
  return target;
}

const listed = (senders: ReadonlyMap<string, string>) => (line: SuppressionLine) => ({
  ...{ contact: line.contact, channel: line.channel, sender: scopeText(line.scope, senders), origin: line.origin, state: line.state },
  ...{ strikes: line.strikes, reason: line.reason, by: line.by, since: instant(line.since) },
  expiresAt: line.expiresAt === null ? null : instant(line.expiresAt),
  ...{ liftedBy: line.liftedBy, liftedFor: line.liftedFor, liftedAt: line.liftedAt === null ? null : instant(line.liftedAt) },
});

interface ListOptions {
  readonly channel?: string;
  readonly all?: boolean;
}

function addList(suppressions: Command, program: Command): void {
  suppressions
    .command('list [contact]')
    .description('whom no call reaches now, or one contact (a number or its keyed hash), newest first')
    .option('--channel <name>', 'only what holds on this channel')
    .option('--all', 'with what was lifted, has expired, or is not yet enough strikes')
    .action(async (contact: string | undefined, { channel, all }: ListOptions) => {
      const access = accessOf(program);
      const hash = contact === undefined ? null : targetOf(access, { contact }).contact;
      const lines = linesOf(await readSuppressions(access), nowMicros())
        .filter((line) => all === true || line.state === 'holds')
        .filter((line) => hash === null || line.contact === hash)
        .filter((line) => channel === undefined || line.channel === '*' || line.channel === channel)
        .toSorted((one, other) => other.since - one.since);
      printRows(lines.map(listed(knownSenders(access))), formatOf(program));
    });
}

interface AddOptions extends TargetOptions {
  readonly expires?: string;
  readonly value?: boolean;
}

function addAdd(suppressions: Command, program: Command): void {
  withTarget(suppressions.command('add <contact>').description('no call to this contact (a number, or its keyed hash) from now on'))
    .option('--expires <time>', 'until this ISO time; for good when absent')
    .option('--value', 'the number itself is no good, as after 21211; an opt-in does not lift it')
    .addHelpText('after', '\nExample: paceline suppressions add +15005550009 --channel sms --reason "asked by phone"')
    .action(async (contact: string, options: AddOptions) => {
      const isJson = jsonAsked(program);
      const access = accessOf(program);
      const now = nowMicros();
      const target = targetOf(access, { ...options, contact, sender: senderIn(options) });
      const said = {
        origin: 'operator',
        lifted: false,
        reason: maskText(options.reason.trim()),
        by: askedBy(options),
        asOf: null,
        file: null,
      };
      const changes = new SuppressionChanges(await readSuppressions(access), now);
      const change = changes.take({ ...target, ...said, expiresAt: endOf(options.expires, now) });
      await writeSuppressions(access, changes.records);
      const answer = { schemaVersion: 1, ...target, change };
      process.stdout.write(isJson ? `${JSON.stringify(answer)}\n` : `contact ${target.contact}: ${addedText[change] ?? change}\n`);
    });
}

function senderIn({ sender, value }: AddOptions): string {
  if (value !== true) return sender ?? '';
  if (sender === undefined) return 'value';
  throw new CliError('--value: a number that is no good is so for every sender; give one of --value and --sender', exitCodes.usage);
}

const addedText: Readonly<Record<string, string>> = {
  added: 'suppressed',
  changed: 'was suppressed, now with this reason and end',
  unchanged: 'was suppressed so already, nothing is changed',
};

function addLift(suppressions: Command, program: Command): void {
  withTarget(
    suppressions
      .command('lift <contact>')
      .description(
        'takes back all that was said of a contact until now, or what --channel, --sender and --origin name; later answers count again',
      ),
  )
    .option(
      '--origin <origin>',
      'only what came from: operator, import, consent, code:21610, strike:30003; code and strike are all of their kind',
    )
    .addHelpText('after', '\nExample: paceline suppressions lift +15005550009 --reason "has opted in again"')
    .action(async (contact: string, options: TargetOptions & { origin?: string }) => {
      const isJson = jsonAsked(program);
      if (options.reason.trim() === '') throw new CliError('--reason is needed: a lift is kept with who and why', exitCodes.usage);
      const access = accessOf(program);
      const target = targetOf(access, { ...options, contact });
      const lift = { ...target, origin: options.origin ?? '*', reason: maskText(options.reason.trim()), by: askedBy(options) };
      const { lifted, still } = await liftSuppressions(access, lift, nowMicros());
      const shown = listed(knownSenders(access));
      const answer = { schemaVersion: 1, contact: target.contact, lifted: lifted.map(shown), still: still.map(shown) };
      if (isJson) process.stdout.write(`${JSON.stringify(answer)}\n`);
      else printLift(answer);
    });
}

type Shown = ReturnType<ReturnType<typeof listed>>;

function printLift({ contact, lifted, still }: { contact: string; lifted: readonly Shown[]; still: readonly Shown[] }): void {
  const text = ({ channel, sender, origin, reason }: Shown): string =>
    `${origin} on ${channel} from ${sender}${reason === '' ? '' : `: ${reason}`}`;
  if (lifted.length === 0) process.stdout.write(`contact ${contact}: nothing to lift\n`);
  for (const line of lifted) process.stdout.write(`contact ${contact}: lifted ${text(line)}\n`);
  for (const line of still) process.stdout.write(`contact ${contact}: still suppressed by ${text(line)}\n`);
}

export function addSuppressionCommands(program: Command): void {
  const suppressions = program.command('suppressions').description('whom not to contact, on which channel and from which sender');
  addList(suppressions, program);
  addAdd(suppressions, program);
  addLift(suppressions, program);
  addSuppressionFileCommands(suppressions, program);
}
