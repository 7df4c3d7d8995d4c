import type { PlanAccount } from '@paceline/domain/reporting';
import type { AccountSettings, Settings, SourceSettings } from '@paceline/runtime';
import { laneOf } from '../control-target.ts';
import { CliError, exitCodes } from '../exit-code.ts';

/** Listed senders with their rates, by lane id; a member of a pool sends through its service's lane. */
const laneRates = ({ senders }: AccountSettings, contactKey: string): Map<string, number> =>
  new Map(senders.map(({ id, segmentsPerSecond }) => [laneOf(contactKey, id), segmentsPerSecond]));

/** The accounts as their pacers will have them. */
export const planAccounts = ({ accounts }: Settings, contactKey: string): ReadonlyMap<string, PlanAccount> =>
  new Map(accounts.map((account) => [account.name, planAccount(account, contactKey)]));

function planAccount(account: AccountSettings, contactKey: string): PlanAccount {
  const { name, callsPerSecond, maxInFlight, apiLimits, dailyReset } = account;
  return {
    ...{ name, callsPerSecond, maxInFlight, apiLimits, dailyReset },
    laneRates: laneRates(account, contactKey),
    unlistedSegmentsPerSecond: account.unlistedSegmentsPerSecond ?? null,
    dailyCap: account.dailyCap ?? null,
    quietHours: account.quietHours ?? null,
  };
}

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
