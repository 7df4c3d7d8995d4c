import { errorTable, ruleVersion, type ErrorRule, type RequestClosed, type ResponseClass, type RuleAction } from '@paceline/contracts';
import { aClaim, aResponse, now, settings } from './builders.suite.ts';
import { OpenAttempts, responseOf, type Routed } from './open-attempts.ts';
import { outcomeOf, outcomeWanted, titleOfRule } from './rule-outcomes.suite.ts';

/** A rule by status only confirms the class that the status has. */
const ofStatus: Readonly<Partial<Record<RuleAction, ResponseClass>>> = {
  retry: 'NOT_PROCESSED',
  'stop-account': 'ACCOUNT_STOP',
  doubt: 'IN_DOUBT',
};

const patient = { ...settings, maxTotalWaitMs: 1_000 * 86_400_000 };

interface Sighting {
  readonly type: ResponseClass;
  readonly code: number | null;
  readonly httpStatus: number;
}

function sightingsOf(rule: ErrorRule): Sighting[] {
  if (rule.codes.length > 0) return rule.codes.map((code) => ({ type: 'REJECTED', code, httpStatus: 400 }));
  return (rule.http ?? []).map((httpStatus) => ({ type: ofStatus[rule.action] ?? 'REJECTED', code: null, httpStatus }));
}

/** Decides one attempt by such an answer; nothing of it stays open. */
function routed({ type, code, httpStatus }: Sighting): Routed {
  const attempts = new OpenAttempts(patient);
  const at = { wallMicros: now, monotonicMs: 0, random: () => 0, offset: 0 };
  attempts.claimed(aClaim(), {}, at);
  const decided = attempts.observed(responseOf(aResponse({ class: type, code, httpStatus, sid: null })), {}, at);
  if (decided === null || decided === 'duplicate') throw new Error('an open attempt with an answer is decided');
  expect([attempts.size, attempts.takeChanges(0)]).toEqual([0, []]);
  return decided;
}

const titled = errorTable.map((rule) => [`(${rule.phases.join('/')}) ${titleOfRule(rule)}`, rule] as const);

test.each(titled)('%s: the decision, its scope, and nothing left open', (_title, rule) => {
  for (const sighting of sightingsOf(rule)) {
    const decided = routed(sighting);
    expect(outcomeOf(decided, now)).toEqual(outcomeWanted(rule, sighting.code, { row: 'r1', accountHoldMs: settings.accountStopHoldMs }));
    expect(decided).toMatchObject({ class: sighting.type, code: sighting.code });
    const closed = decided.records.find(({ event }) => event.type === 'RequestClosed')?.event.data as RequestClosed | undefined;
    if (closed !== undefined) expect(closed.ruleVersion).toBe(ruleVersion);
  }
});
