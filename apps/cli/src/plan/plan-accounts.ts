import { accountTermsOf } from '@paceline/domain/pacing';
import type { PlanAccount } from '@paceline/domain/reporting';
import type { Settings, SourceSettings } from '@paceline/runtime';
import { CliError, exitCodes } from '../exit-code.ts';

/** The accounts as their pacers will have them. */
export const planAccounts = ({ accounts }: Settings, contactKey: string): ReadonlyMap<string, PlanAccount> =>
  new Map(accounts.map((account) => [account.name, { name: account.name, ...accountTermsOf(account, contactKey) }]));

export interface PlanPlace {
  readonly source: SourceSettings;
  readonly account: string;
}

/** The source whose rules the file is read by, and the account of its rows: as asked, else the first watched folder's. */
export function planPlace(settings: Settings, asked: { source?: string; account?: string }): PlanPlace {
  const { accounts } = settings;
  const source = sourceOf(settings, asked.source);
  const account = asked.account ?? source?.account ?? accounts[0]?.name ?? '';
  if (!accounts.some(({ name }) => name === account)) {
    throw new CliError(`--account ${account}: the settings know ${accounts.map(({ name }) => name).join(', ')}`, exitCodes.usage);
  }
  return { source: source ?? plainSource(settings, account), account };
}

function sourceOf({ sources }: Settings, wanted: string | undefined): SourceSettings | undefined {
  if (wanted === undefined) return sources.find(({ folder }) => folder !== undefined) ?? sources[0];
  const found = sources.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  throw new CliError(`--source ${wanted}: the settings know ${sources.map(({ name }) => name).join(', ') || 'no source'}`, exitCodes.usage);
}

/** Settings without sources still say how a file would be read. */
const plainSource = ({ ingest }: Settings, account: string): SourceSettings => ({
  ...{ name: 'none', account, mode: 'stream', columns: {}, defaults: {}, sameContent: 'refuse', stableMs: 0 },
  limits: ingest.limits,
});
