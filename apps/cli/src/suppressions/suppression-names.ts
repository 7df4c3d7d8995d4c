import { contactOf } from '@paceline/contracts';
import type { Settings } from '@paceline/runtime';
import { findContactKey } from '../contact-key.ts';
import { maskSender } from '../lane-names.ts';
import type { StackAccess } from '../stack-access.ts';

const sendersOf = ({ accounts }: Settings): string[] => [
  ...new Set(accounts.flatMap(({ senders }) => senders.flatMap(({ id, pool }) => [id, ...pool]))),
];

/** The senders that the settings list, by their keyed hash; none without settings or key. */
export function knownSenders(access: StackAccess): ReadonlyMap<string, string> {
  const key = findContactKey(access.dataDir);
  const loaded = access.loadedSettings();
  if (key === null || !loaded.ok) return new Map();
  return new Map(sendersOf(loaded.settings).map((sender) => [contactOf(key, sender), sender]));
}

/** A scope as people read it: all, value, the sender masked, or its hash. */
export function scopeText(scope: string, senders: ReadonlyMap<string, string>): string {
  if (scope === '*' || scope === 'value') return scope;
  const sender = senders.get(scope);
  return sender === undefined ? scope : maskSender(sender);
}
