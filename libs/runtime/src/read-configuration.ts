import type { z } from 'zod';
import { commonConfigProblems, commonConfigSchema, type CommonConfig } from './common-config.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { loadSettings } from './settings/load-settings.ts';
import type { Settings } from './settings/settings-schema.ts';

export type Configuration<C extends object> =
  | { readonly ok: true; readonly config: C & CommonConfig; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

const problemsOf = (result: { readonly ok: true } | { readonly ok: false; readonly problems: readonly string[] } | undefined) =>
  result === undefined || result.ok ? [] : result.problems;

const settingsAt = (path: string | undefined, env: Environment) => (path === undefined ? undefined : loadSettings(path, env));

/** Environment and settings file together, before anything else of a service exists; every problem of both at once. */
export function readConfiguration<C extends object>(schema: z.ZodType<C>, env: Environment): Configuration<C> {
  const common = readEnvironment(commonConfigSchema, env);
  const own = readEnvironment(schema, env);
  const known: Partial<CommonConfig> = common.ok ? common.config : common.partial;
  const loaded = settingsAt(known.PACELINE_SETTINGS, env);
  const together = commonConfigProblems(known);
  if (common.ok && own.ok && loaded?.ok === true && together.length === 0) {
    const ratio = common.config.PACELINE_TRACE_RATIO ?? loaded.settings.tracing.ratio;
    return { ok: true, config: { ...common.config, ...own.config, PACELINE_TRACE_RATIO: ratio }, settings: loaded.settings };
  }
  return { ok: false, problems: [...new Set([...problemsOf(common), ...together, ...problemsOf(own), ...problemsOf(loaded)])] };
}
