import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { contactKey } from './contact-key.ts';
import { controlRecord, type ControlWish } from './control-record.ts';
import { controlEntity, type TargetFacts, type TargetKind } from './control-target.ts';
import type { StackAccess } from './stack-access.ts';

export interface WishOptions {
  readonly reason: string;
  readonly by?: string;
}

export const withWishOptions = (command: Command): Command =>
  command
    .option('--reason <text>', 'shown wherever the control shows', '')
    .option('--by <name>', 'who wants it; the name you are logged in with when absent');

/** Who asks, for the record. */
export function askedBy({ by }: Pick<WishOptions, 'by'>): string {
  if (by !== undefined && by.trim() !== '') return by.trim();
  try {
    return userInfo().username;
  } catch {
    return 'paceline';
  }
}

/** Who pauses by number may pause the wrong one: names are checked before anything is written. */
export function entityOf(access: StackAccess, text: string, kinds: readonly TargetKind[]): Promise<string> {
  const facts: TargetFacts = {
    accounts: access.settings().accounts.map(({ name }) => name),
    batchesFrom: async (prefix) => {
      const log = await access.log();
      const found = new Set<string>();
      await log.readToEnd(['paceline.batches'], ({ event: { data } }) => {
        if ('batchId' in data && data.batchId.startsWith(prefix)) found.add(data.batchId);
      });
      return [...found];
    },
    contactKey: () => contactKey(access.dataDir),
  };
  return controlEntity(text, kinds, facts);
}

export const nowMicros = (): number => Date.now() * 1_000;

/** Pacer and senders see it within a second. */
export async function setControls(access: StackAccess, wishes: readonly ControlWish[]): Promise<void> {
  const writer = await access.writer();
  const at = nowMicros();
  await writer.write(wishes.map((wish) => controlRecord(wish, at)));
}
