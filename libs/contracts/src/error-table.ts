import { overridden, overrideProblems, type ErrorOverride } from './error-override.ts';
import type { ErrorRule, Phase } from './error-rule.ts';
import { byCode, byHttp } from './error-rules.ts';
import type { Api } from './generated/events.ts';
import { hashId } from './ids.ts';

/**
 * What Twilio's error codes mean for us: data, one row per rule, routed by code first and by HTTP status second (some
 * codes come with more than one status). `ruleVersion` travels in every decision; raise it with every changed row.
 */
export const ruleVersion = '2026-11.2';

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

export interface ErrorSighting {
  readonly api: Api;
  readonly httpStatus: number | null;
  readonly code: number | null;
  readonly phase: Phase;
}

const isFor = (rule: ErrorRule, api: Api): boolean => rule.apis === undefined || rule.apis.includes(api);

/** The error table in force: ours, or ours with what the operator put in its place. */
export class ErrorTable {
  /** Travels in every decision; tells a table with overrides from ours and from any other. */
  readonly version: string;
  readonly rules: readonly ErrorRule[];
  readonly #ofCode = new Map<number, ErrorRule[]>();

  private constructor(rules: readonly ErrorRule[], version: string) {
    this.rules = rules;
    this.version = version;
    for (const rule of rules) {
      for (const code of rule.codes) this.#ofCode.set(code, [...(this.#ofCode.get(code) ?? []), rule]);
    }
  }

  /** Refuses overrides that have problems: a rule that means nothing must never decide. */
  static of(overrides: readonly ErrorOverride[] = []): ErrorTable {
    const problems = overrideProblems(errorTable, overrides);
    if (problems.length > 0) throw new Error(`errorTable: ${problems.join('; ')}`);
    if (overrides.length === 0) return new ErrorTable(errorTable, ruleVersion);
    return new ErrorTable(overridden(errorTable, overrides), `${ruleVersion}+${hashId(JSON.stringify(overrides)).slice(0, 8)}`);
  }

  /** The rule of a code whose statuses disagree or whose phase is new is still the code's: HTTP comes second. */
  route({ api, httpStatus, code, phase }: ErrorSighting): ErrorRule {
    const known = (code === null ? [] : (this.#ofCode.get(code) ?? [])).filter((rule) => isFor(rule, api));
    const ruleOfCode = known.find((rule) => rule.phases.includes(phase)) ?? known[0];
    if (ruleOfCode !== undefined) return ruleOfCode;
    const status = httpStatus ?? 0;
    return byHttp.find(({ http }) => http !== undefined && status >= http[0] && status <= http[1]) ?? unknownRule;
  }
}

/** The table as we ship it. */
export const shippedErrorTable = ErrorTable.of();

export const route = (sighting: ErrorSighting): ErrorRule => shippedErrorTable.route(sighting);
