import type { ErrorRule, Phase } from './error-rule.ts';
import { byCode, byHttp } from './error-rules.ts';
import type { Api } from './generated/events.ts';

/**
 * What Twilio's error codes mean for us: data, one row per rule, routed by code first and by HTTP status second (some
 * codes come with more than one status). `ruleVersion` travels in every decision; raise it with every changed row.
 */
export const ruleVersion = '2026-11.1';

/** Every rule; within one (code, api, phase) there is only one. */
export const errorTable: readonly ErrorRule[] = [...byCode, ...byHttp];

/** What a code or status without a rule means: nothing is known, so nothing may be repeated. */
export const unknownRule: ErrorRule = {
  codes: [],
  phases: ['sync', 'callback'],
  class: 'ambiguous',
  scope: 'none',
  action: 'doubt',
  meaning: 'neither code nor status is known',
};

const rulesOfCode = new Map<number, ErrorRule[]>();
for (const rule of errorTable) {
  for (const code of rule.codes) rulesOfCode.set(code, [...(rulesOfCode.get(code) ?? []), rule]);
}

const isFor = (rule: ErrorRule, api: Api): boolean => rule.apis === undefined || rule.apis.includes(api);

export interface ErrorSighting {
  readonly api: Api;
  readonly httpStatus: number | null;
  readonly code: number | null;
  readonly phase: Phase;
}

/** The rule of a code whose statuses disagree or whose phase is new is still the code's: HTTP comes second. */
export function route({ api, httpStatus, code, phase }: ErrorSighting): ErrorRule {
  const known = (code === null ? [] : (rulesOfCode.get(code) ?? [])).filter((rule) => isFor(rule, api));
  const ruleOfCode = known.find((rule) => rule.phases.includes(phase)) ?? known[0];
  if (ruleOfCode !== undefined) return ruleOfCode;
  const status = httpStatus ?? 0;
  return byHttp.find(({ http }) => http !== undefined && status >= http[0] && status <= http[1]) ?? unknownRule;
}
