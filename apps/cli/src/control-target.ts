// What a control is about, from how people name it. A lane is named by its sender; the log knows it by a keyed hash only.
import { contactOf } from '@paceline/contracts';
import { rowApis } from '@paceline/domain/ingest';
import { CliError, exitCodes } from './exit-code.ts';

export type TargetKind = 'batch' | 'account' | 'lane';

export interface TargetFacts {
  readonly accounts: readonly string[];
  /** Ids of the batches that begin so. */
  batchesFrom(prefix: string): Promise<readonly string[]>;
  /** Asked for only when a sender is to be turned into its lane. */
  contactKey(): string;
}

const nameHints: Readonly<Record<TargetKind, string>> = { batch: 'batch:ID', account: 'account:NAME', lane: 'lane:SENDER' };

const laneId = new RegExp(`^(?:${rowApis.join('|')})(?::[0-9a-f]{12})?$`);
const laneOfSender = new RegExp(`^(?:(${rowApis.join('|')}):)?(.+)$`);

/** First digits of the keyed hash of a sender, behind the API: how a lane is called everywhere but here. */
export const laneOf = (key: string, sender: string, api = 'messages'): string => `${api}:${contactOf(key, sender).slice(0, 12)}`;

/** The entity of the controls table; throws, with what to write instead, when it is none of the kinds or not known. */
export async function controlEntity(text: string, kinds: readonly TargetKind[], facts: TargetFacts): Promise<string> {
  const at = text.indexOf(':');
  const kind = kinds.find((one) => one === text.slice(0, Math.max(0, at)));
  const name = text.slice(at + 1).trim();
  if (kind === undefined || name === '') throw unusable(text, `give ${kinds.map((one) => nameHints[one]).join(' or ')}`);
  if (kind === 'lane') return laneEntity(text, name, facts);
  return kind === 'account' ? accountEntity(text, name, facts) : batchEntity(text, name, facts);
}

function accountEntity(text: string, name: string, { accounts }: TargetFacts): string {
  if (accounts.includes(name)) return `account:${name}`;
  throw unusable(text, `the settings know ${accounts.join(', ')}`);
}

/** A whole id is taken as it is, since a batch may be stopped before it is read; the beginning of one must be of one batch. */
async function batchEntity(text: string, name: string, facts: TargetFacts): Promise<string> {
  if (/^[0-9a-f]{32}$/.test(name)) return `batch:${name}`;
  if (!/^[0-9a-f]{4,31}$/.test(name))
    throw unusable(text, 'give the id of a batch, or its first digits, at least 4; `paceline status` lists them');
  const found = await facts.batchesFrom(name);
  if (found.length === 1) return `batch:${found[0]}`;
  throw unusable(
    text,
    found.length === 0 ? 'no batch begins so; `paceline status` lists them' : `${found.length} batches begin so: give more digits`,
  );
}

const unknownSender =
  'give the sender as rows name it: a number in E.164, a short code, MG and 32 hexadecimal digits, or a lane id such as messages:0a1b2c3d4e5f';

/** `lane:demo/SENDER` is the lane of one account alone. */
function laneEntity(text: string, name: string, facts: TargetFacts): string {
  const account = facts.accounts.find((one) => name.startsWith(`${one}/`));
  const scope = account === undefined ? 'lane:' : `lane:${account}/`;
  const rest = account === undefined ? name : name.slice(account.length + 1);
  if (laneId.test(rest)) return `${scope}${rest}`;
  const [, api, sender = ''] = laneOfSender.exec(rest) ?? [];
  const wrong = senderFault(sender);
  if (wrong !== null) throw unusable(maskedTarget(text), wrong);
  return `${scope}${laneOf(facts.contactKey(), sender, api)}`;
}

function senderFault(sender: string): string | null {
  if (/^[\d ().-]{9,}$/.test(sender)) return `${unknownSender}; the plus sign is missing`;
  return sender === '' || /^\+(?!\d{7,15}$)/.test(sender) || /[()/]/.test(sender) ? unknownSender : null;
}

const maskedTarget = (text: string): string => text.replace(/\d(?=\d{2})/g, '*');

const unusable = (text: string, hint: string): CliError => new CliError(`${text}: ${hint}`, exitCodes.usage);
