import {
  errorTable,
  ruleVersion,
  type ErrorRule,
  type RequestClosed,
  type ResponseClass,
  type RetryScheduled,
  type RuleAction,
  type SuppressionSet,
} from '@paceline/contracts';
import { aClaim, aResponse, now, settings } from './builders.suite.ts';
import { OpenAttempts, responseOf, type Routed } from './open-attempts.ts';

type Decided = 'rejected' | 'throttled' | 'account-stop' | 'unknown';

/** What becomes of a row that certainly was not processed, by the action of its code. */
const ofCode: Readonly<Record<RuleAction, Decided>> = {
  retry: 'throttled',
  'retry-late': 'throttled',
  'lower-rate': 'throttled',
  'park-sender': 'throttled',
  hold: 'throttled',
  'stop-account': 'account-stop',
  doubt: 'unknown',
  'retry-once': 'rejected',
  reschedule: 'rejected',
  strike: 'rejected',
  suppress: 'rejected',
  reject: 'rejected',
  'stop-sender': 'rejected',
  'stop-batch': 'rejected',
  'stop-country': 'rejected',
  alert: 'rejected',
};

/** A rule by status only confirms the class that the status has. */
const ofStatus: Readonly<Partial<Record<RuleAction, readonly [ResponseClass, Decided]>>> = {
  retry: ['NOT_PROCESSED', 'throttled'],
  'stop-account': ['ACCOUNT_STOP', 'account-stop'],
  doubt: ['IN_DOUBT', 'unknown'],
  reject: ['REJECTED', 'rejected'],
};

const patient = { ...settings, maxTotalWaitMs: 1_000 * 86_400_000 };

interface Sighting {
  readonly type: ResponseClass;
  readonly code: number | null;
  readonly httpStatus: number;
  readonly expected: Decided;
}

function sightingsOf(rule: ErrorRule): Sighting[] {
  if (rule.codes.length > 0) return rule.codes.map((code) => ({ type: 'REJECTED', code, httpStatus: 400, expected: ofCode[rule.action] }));
  const [type, expected] = ofStatus[rule.action] ?? ['REJECTED', 'rejected'];
  return (rule.http ?? []).map((httpStatus) => ({ type, code: null, httpStatus, expected }));
}

/** Decides one attempt by such an answer; nothing of it stays open. */
function routed({ type, code, httpStatus }: Sighting): Routed {
  const attempts = new OpenAttempts(patient);
  const at = { wallMicros: now, monotonicMs: 0, random: () => 0 };
  attempts.claimed(aClaim(), {}, at);
  const decided = attempts.observed(responseOf(aResponse({ class: type, code, httpStatus, sid: null })), {}, at);
  if (decided === null || decided === 'duplicate') throw new Error('an open attempt with an answer is decided');
  expect([attempts.size, attempts.takeChanges()]).toEqual([0, [{ key: 'r1#1', value: null }]]);
  return decided;
}

const dataOf = <T>({ records }: Routed, type: string): T | undefined => records.find(({ event }) => event.type === type)?.event.data as T;

function expectDecision(rule: ErrorRule, expected: Decided, decided: Routed): void {
  const closed = dataOf<RequestClosed>(decided, 'RequestClosed');
  const retry = dataOf<RetryScheduled>(decided, 'RetryScheduled');
  if (expected === 'rejected' || expected === 'unknown') {
    expect(closed).toMatchObject({ outcome: expected, ruleVersion });
    expect(retry).toBeUndefined();
  } else {
    expect(closed).toBeUndefined();
    expect(retry).toMatchObject({ reason: expected, attempt: 2 });
    expect(retry?.notBefore).toBeGreaterThanOrEqual(now + (rule.delayMs ?? 0) * 1_000);
  }
}

const scopes: Readonly<Record<string, string>> = {
  value: 'value',
  'contact-channel-sender': 'sender-hash',
  'contact-channel': '*',
  contact: '*',
};

function expectScope(rule: ErrorRule, { code }: Sighting, decided: Routed): void {
  const suppression = dataOf<SuppressionSet>(decided, 'SuppressionSet');
  if (rule.action !== 'suppress' && rule.action !== 'strike') return expect(suppression).toBeUndefined();
  const origin = rule.action === 'strike' ? `strike:${code}:${rule.strikes}:r1` : `code:${code}`;
  expect(suppression).toMatchObject({ contact: 'contact-hash', channel: rule.channel, scope: scopes[rule.scope], origin });
  expect(suppression?.expiresAt === null).toBe(rule.action === 'suppress');
}

const titled = errorTable.map((rule) => {
  const what = rule.codes.length > 0 ? rule.codes.join(', ') : `HTTP ${rule.http?.join('-')}`;
  return [`${what} (${rule.phases.join('/')}): ${rule.action} of ${rule.scope}`, rule] as const;
});

test.each(titled)('%s: the decision, its scope, and nothing left open', (_title, rule) => {
  for (const sighting of sightingsOf(rule)) {
    const decided = routed(sighting);
    expectDecision(rule, sighting.expected, decided);
    expectScope(rule, sighting, decided);
    expect(decided).toMatchObject({ class: sighting.type, code: sighting.code });
  }
});
