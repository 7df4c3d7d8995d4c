import type { SettingsResult } from '@paceline/runtime';

export interface SettingsReport {
  readonly schemaVersion: 1;
  /** Path of the file. */
  readonly settings: string;
  readonly ok: boolean;
  readonly accounts: readonly string[];
  readonly sources: readonly string[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const namesOf = (items: readonly { name: string }[]): string[] => items.map(({ name }) => name);

/** What `settings check` answers. */
export function settingsReport(path: string, result: SettingsResult): SettingsReport {
  const found = result.ok
    ? { accounts: namesOf(result.settings.accounts), sources: namesOf(result.settings.sources), problems: [], warnings: result.warnings }
    : { accounts: [], sources: [], problems: result.problems, warnings: [] };
  return { schemaVersion: 1, settings: path, ok: result.ok, ...found };
}

/** The same for a person: the problems alone, or what was read and the warnings. */
export function settingsLines({ settings, ok, accounts, sources, problems, warnings }: SettingsReport): readonly string[] {
  if (!ok) return problems;
  const counted = warnings.length === 0 ? '' : `, ${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`;
  const read = `${settings}: ${accounts.length} accounts, ${sources.length} sources, no problem found${counted}`;
  return [...warnings.map((warning) => `warning: ${warning}`), read];
}
