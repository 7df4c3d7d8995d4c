import { stopsAnywhere, stopText } from '@paceline/domain/controls';
import type { Command } from 'commander';
import type { TargetKind } from '../control-target.ts';
import { askedBy, entityOf, nowMicros, setControls, withWishOptions, type WishOptions } from '../control-writing.ts';
import { CliError, exitCodes } from '../exit-code.ts';
import { readControls } from '../read-controls.ts';
import { openBatches } from '../open-batches.ts';
import { accessOf, type Access } from '../program-access.ts';
import { addValueCommands } from './value.commands.ts';

const anything: readonly TargetKind[] = ['batch', 'account', 'lane'];

function addPause(program: Command): void {
  withWishOptions(program.command('pause <entity>').description('nothing new is granted or called: batch:ID, account:NAME or lane:SENDER'))
    .addHelpText('after', '\nExamples: paceline pause account:demo --reason "wrong text"\n          paceline pause lane:+15005550006')
    .action(async (text: string, options: WishOptions) => {
      const access = accessOf(program);
      const entity = await entityOf(access, text, anything);
      await setControls(access, [{ entity, aspect: 'paused', value: true, reason: options.reason, by: askedBy(options) }]);
      process.stdout.write(`${entity}: paused\n`);
    });
}

/** Lifts what a person set and what a breaker set alike: whoever resumes has looked at the reason. */
async function resume(access: Access, entity: string, options: WishOptions): Promise<void> {
  const held = stopsAnywhere(await readControls(await access.log()), entity);
  if (held.length === 0) return void process.stdout.write(`${entity}: nothing held it\n`);
  const by = askedBy(options);
  await setControls(
    access,
    held.map(({ entity: name, aspect, origin }) => ({ entity: name, aspect, origin, value: null, reason: options.reason, by })),
  );
  for (const control of held) {
    const again = control.origin === 'operator' ? '' : '; it is set again if Twilio answers the same';
    process.stdout.write(`${control.entity}: lifted: ${stopText(control)}${again}\n`);
  }
}

function addResume(program: Command): void {
  withWishOptions(
    program.command('resume <entity>').description('lifts a pause, whoever set it, and a breaker: batch:ID, account:NAME or lane:SENDER'),
  ).action(async (text: string, options: WishOptions) => {
    const access = accessOf(program);
    await resume(access, await entityOf(access, text, anything), options);
  });
}

/** A lane or account lives on: only what waits at this instant ends. A batch is cancelled for good. */
async function cancelled(
  access: Access,
  entity: string,
  { yes }: { yes?: boolean },
): Promise<readonly { entity: string; value: unknown }[]> {
  if (entity.startsWith('batch:')) return [{ entity, value: true }];
  if (entity.startsWith('lane:')) return [{ entity, value: nowMicros() }];
  const account = entity.slice('account:'.length);
  const batches = await openBatches(access, account);
  if (batches.length === 0) throw new CliError(`${entity}: no batch of it is open`, exitCodes.usage);
  const list = batches.map(({ batchId, file, open }) => `  ${batchId} ${file}: ${open} rows open`).join('\n');
  if (yes !== true) throw new CliError(`${entity}: this would cancel for good:\n${list}\nsay --yes to do so`, exitCodes.usage);
  return batches.map(({ batchId }) => ({ entity: `batch:${batchId}`, value: true }));
}

function addCancel(program: Command): void {
  withWishOptions(
    program
      .command('cancel <entity>')
      .description(
        'ends rows that are not yet called: all of batch:ID, those that wait in lane:SENDER now, all open batches of account:NAME; final',
      ),
  )
    .option('--yes', 'needed for an account')
    .action(async (text: string, options: WishOptions & { yes?: boolean }) => {
      const access = accessOf(program);
      const wishes = await cancelled(access, await entityOf(access, text, anything), options);
      const { reason } = options;
      await setControls(
        access,
        wishes.map((wish) => ({ ...wish, aspect: 'cancelled', reason, by: askedBy(options) })),
      );
      for (const { entity } of wishes) {
        process.stdout.write(
          `${entity}: cancelled${entity.startsWith('lane:') ? ': the rows that wait in it now end; later ones are not touched' : ''}\n`,
        );
      }
    });
}

function addRelease(program: Command): void {
  withWishOptions(
    program
      .command('release <entity>')
      .description("lets the rows of batch:ID go that are held because the recipient's time zone is not known"),
  ).action(async (text: string, options: WishOptions) => {
    const access = accessOf(program);
    const entity = await entityOf(access, text, ['batch']);
    await setControls(access, [{ entity, aspect: 'release', value: true, reason: options.reason, by: askedBy(options) }]);
    process.stdout.write(`${entity}: released\n`);
  });
}

export function addControlCommands(program: Command): void {
  addPause(program);
  addResume(program);
  addCancel(program);
  addRelease(program);
  addValueCommands(program);
}
