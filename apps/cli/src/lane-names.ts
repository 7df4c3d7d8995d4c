import { rowApis } from '@paceline/domain/ingest';
import type { Settings } from '@paceline/runtime';
import { laneOf } from './control-target.ts';

/** `+15005550006` -> `+1500***06`, `MG00...01` -> `MG00***01`: enough to tell one's own senders apart, no number. */
export function maskSender(sender: string): string {
  const scheme = /^[a-z]+:/i.exec(sender)?.[0] ?? '';
  const plain = sender.slice(scheme.length);
  return plain.length < 8 ? sender : `${scheme}${plain.slice(0, 5)}***${plain.slice(-2)}`;
}

const sendersOf = ({ accounts }: Settings): string[] => [
  ...new Set(accounts.flatMap(({ senders }) => senders.flatMap(({ id, pool }) => [id, ...pool]))),
];

/** Masked names of the lanes whose senders the settings list, by lane id; an unlisted lane keeps its id. */
export function laneNames(settings: Settings, key: string | null): ReadonlyMap<string, string> {
  if (key === null) return new Map();
  return new Map(sendersOf(settings).flatMap((sender) => rowApis.map((api) => [laneOf(key, sender, api), maskSender(sender)] as const)));
}
