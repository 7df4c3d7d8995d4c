// Settings and command line are one origin of controls, the operator: the last write wins, and a setting that did not
// change since it was last applied is not written again, so that it cannot undo what a person set since.
import type { Settings } from '@paceline/runtime';
import { controlRecord, type ControlWish } from './control-record.ts';
import { readControls } from './read-controls.ts';
import type { StackAccess } from './stack-access.ts';

const applied = { entity: 'settings:file', aspect: 'applied', origin: 'operator' } as const;

type Applied = Readonly<Record<string, number>>;

const ratesOf = ({ accounts }: Settings): Applied => Object.fromEntries(accounts.map(({ name, callsPerSecond }) => [name, callsPerSecond]));

const wish = (entity: string, aspect: string, value: unknown): ControlWish => ({
  entity,
  aspect,
  value,
  reason: 'settings file',
  by: 'paceline settings apply',
});

async function lastApplied(access: StackAccess): Promise<Applied> {
  const value = (await readControls(await access.log())).valueOf(applied);
  return value === null ? {} : (JSON.parse(value) as Applied);
}

/** Writes the changed settings; returns one line per change. */
export async function applySettings(access: StackAccess): Promise<readonly string[]> {
  const wanted = ratesOf(access.settings());
  const before = await lastApplied(access);
  const changed = Object.entries(wanted).filter(([account, rate]) => before[account] !== rate);
  if (changed.length === 0) return [];
  const at = Date.now() * 1_000;
  const rates = changed.map(([account, rate]) => wish(`account:${account}`, 'rate', rate));
  const writer = await access.writer();
  await writer.write([...rates, wish(applied.entity, applied.aspect, wanted)].map((one) => controlRecord(one, at)));
  return changed.map(([account, rate]) => `account:${account}: rate = ${rate} calls per second`);
}
