import type { Command } from 'commander';
import { controlRecord, type OperatorWish } from '../control-record.ts';
import { CliError, exitCodes } from '../exit-code.ts';
import { accessOf, type Access } from '../program-access.ts';

const entityPattern = /^(batch|account|lane):[\w.:-]+$/;

function requireEntity(entity: string, kinds: readonly string[]): string {
  const [kind = ''] = entity.split(':', 1);
  if (entityPattern.test(entity) && kinds.includes(kind)) return entity;
  throw new CliError(`${entity}: give ${kinds.map((k) => `${k}:NAME`).join(' or ')}`, exitCodes.usage);
}

function requireKnownAccount(access: Access, entity: string): void {
  if (!entity.startsWith('account:')) return;
  const name = entity.slice('account:'.length);
  const known = access.settings().accounts.map((account) => account.name);
  if (!known.includes(name)) throw new CliError(`${entity}: the settings know ${known.join(', ')}`, exitCodes.usage);
}

/** Pacer and senders see it within a second. */
async function setControl(access: Access, wish: OperatorWish): Promise<void> {
  requireKnownAccount(access, wish.entity);
  const writer = await access.writer();
  await writer.write([controlRecord(wish, Date.now() * 1_000)]);
  process.stdout.write(`${wish.entity}: ${wish.aspect} = ${wish.value === null ? 'lifted' : JSON.stringify(wish.value)}\n`);
}

function addPause(program: Command): void {
  program
    .command('pause <entity>')
    .description('nothing new is granted or called: batch:ID or account:NAME')
    .option('--reason <text>', 'shown wherever the pause shows', '')
    .action(async (text: string, { reason }: { reason: string }) => {
      const entity = requireEntity(text, ['batch', 'account']);
      await setControl(accessOf(program), { entity, aspect: 'paused', value: true, reason, by: 'paceline pause' });
    });
  program
    .command('resume <entity>')
    .description('lifts a pause')
    .action(async (text: string) => {
      const entity = requireEntity(text, ['batch', 'account']);
      await setControl(accessOf(program), { entity, aspect: 'paused', value: null, reason: '', by: 'paceline resume' });
    });
}

function addCancel(program: Command): void {
  program
    .command('cancel <entity>')
    .description('ends every row of batch:ID that is not yet called; final')
    .option('--reason <text>', 'shown as the reason of the rows', '')
    .action(async (text: string, { reason }: { reason: string }) => {
      const entity = requireEntity(text, ['batch']);
      await setControl(accessOf(program), { entity, aspect: 'cancelled', value: true, reason, by: 'paceline cancel' });
    });
}

function addRate(program: Command): void {
  program
    .command('rate <entity> <callsPerSecond>')
    .description('sets the pace of account:NAME, above 0 and at most 2000 calls per second')
    .action(async (target: string, text: string) => {
      const rate = Number(text);
      if (!Number.isFinite(rate) || rate <= 0 || rate > 2_000) {
        throw new CliError(`${text}: give calls per second, above 0 and at most 2000`, exitCodes.usage);
      }
      const entity = requireEntity(target, ['account']);
      await setControl(accessOf(program), { entity, aspect: 'rate', value: rate, reason: '', by: 'paceline rate' });
    });
}

export function addControlCommands(program: Command): void {
  addPause(program);
  addCancel(program);
  addRate(program);
}
