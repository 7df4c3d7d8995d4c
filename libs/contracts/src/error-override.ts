import type { ErrorRule, Phase, RuleAction, RuleClass, RuleScope } from './error-rule.ts';

/** What an operator says about one code, in place of the table; what he leaves out stays as the table has it. */
export interface ErrorOverride {
  readonly code: number;
  /** Only in this phase; both when absent. */
  readonly phase?: Phase;
  readonly class?: RuleClass;
  readonly action?: RuleAction;
  readonly scope?: RuleScope;
  /** Wait at least this long before the next try, milliseconds. */
  readonly delayMs?: number;
}

const contacts: readonly RuleScope[] = ['value', 'contact-channel-sender', 'contact-channel', 'contact'];

/** Scopes an action can have; any when it is not here. */
const scopesOf: Readonly<Partial<Record<RuleAction, readonly RuleScope[]>>> = {
  suppress: contacts,
  strike: contacts,
  'lower-rate': ['account', 'sender'],
  'park-sender': ['sender'],
  'stop-sender': ['sender'],
  'stop-batch': ['batch'],
  'stop-country': ['country'],
  'stop-account': ['account'],
};

const strikesWithoutRule = 3;

const both: readonly Phase[] = ['sync', 'callback'];

const phasesOf = ({ phase }: ErrorOverride): readonly Phase[] => (phase === undefined ? both : [phase]);

const overlap = (one: readonly Phase[], other: readonly Phase[]): boolean => one.some((phase) => other.includes(phase));

/** The rule that an override changes; one of its own phase before one of another. */
function baseOf(table: readonly ErrorRule[], override: ErrorOverride): ErrorRule | undefined {
  const known = table.filter(({ codes }) => codes.includes(override.code));
  return known.find(({ phases }) => overlap(phases, phasesOf(override))) ?? known[0];
}

/** Every problem of the overrides, for `settings check`; each names its code. None = they can be used. */
export function overrideProblems(table: readonly ErrorRule[], overrides: readonly ErrorOverride[]): string[] {
  return overrides.flatMap((override, at) => [
    ...(overrides.slice(0, at).some((earlier) => collides(earlier, override)) ? [`${override.code}: given twice`] : []),
    ...problemsOf(baseOf(table, override), override),
  ]);
}

const collides = (one: ErrorOverride, other: ErrorOverride): boolean => one.code === other.code && overlap(phasesOf(one), phasesOf(other));

function problemsOf(base: ErrorRule | undefined, override: ErrorOverride): string[] {
  const { code } = override;
  if (base === undefined && !isWhole(override)) return [`${code}: the table has no rule for it; give class, action and scope`];
  const { action, scope } = { ...base, ...override };
  const allowed = action === undefined ? undefined : scopesOf[action];
  if (allowed === undefined || scope === undefined || allowed.includes(scope)) return [];
  return [`${code}: ${action} cannot be of ${scope}; give scope ${allowed.join(' or ')}`];
}

const isWhole = ({ class: type, action, scope }: ErrorOverride): boolean =>
  type !== undefined && action !== undefined && scope !== undefined;

/** The table with the overrides in place. They must have no problems. */
export function overridden(table: readonly ErrorRule[], overrides: readonly ErrorOverride[]): readonly ErrorRule[] {
  return overrides.reduce<readonly ErrorRule[]>((rules, override) => {
    const changed = changedRule(baseOf(table, override), override);
    return [changed, ...rules.flatMap((rule) => without(rule, changed))];
  }, table);
}

/** What is left of a rule when another takes over a code of it in some phases. */
function without(rule: ErrorRule, { codes: [code], phases }: ErrorRule): ErrorRule[] {
  if (code === undefined || !rule.codes.includes(code) || !overlap(rule.phases, phases)) return [rule];
  const others = rule.codes.filter((own) => own !== code);
  const left = rule.phases.filter((phase) => !phases.includes(phase));
  return [
    ...(others.length > 0 ? [{ ...rule, codes: others }] : []),
    ...(left.length > 0 ? [{ ...rule, codes: [code], phases: left }] : []),
  ];
}

/** Stands for the rule of a code that the table does not know. */
const unknown: ErrorRule = {
  codes: [],
  phases: both,
  class: 'row',
  scope: 'none',
  action: 'reject',
  meaning: 'a code that the table does not know',
};

function changedRule(base: ErrorRule = unknown, { code, phase, ...changes }: ErrorOverride): ErrorRule {
  const changed = { ...base, ...changes, codes: [code], phases: phase === undefined ? base.phases : [phase] };
  return { ...changed, ...contactParts(changed), meaning: `${base.meaning} (rule of the settings)` };
}

/** What a rule about a contact cannot be without. */
function contactParts({ action, channel = '*', strikes = strikesWithoutRule }: ErrorRule): Pick<ErrorRule, 'channel' | 'strikes'> {
  if (action === 'strike') return { channel, strikes };
  return action === 'suppress' ? { channel } : {};
}
