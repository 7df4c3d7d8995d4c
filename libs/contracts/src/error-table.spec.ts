import type { ErrorRule, RuleAction } from './error-rule.ts';
import { errorTable, route, ruleVersion, unknownRule } from './error-table.ts';

const titleOf = (rule: ErrorRule): string => {
  const what = rule.codes.length > 0 ? rule.codes.join(', ') : `HTTP ${rule.http?.join('-')}`;
  return `${what} (${rule.phases.join('/')}) -> ${rule.action} of ${rule.scope}: ${rule.meaning}`;
};

const sync = (code: number | null, httpStatus: number | null = 400) => route({ api: 'messages', httpStatus, code, phase: 'sync' });

const sightingsOf = (rule: ErrorRule) => {
  const statuses = rule.http === undefined ? [400, 403, 429, 503, null] : [rule.http[1]];
  const codes = rule.codes.length > 0 ? rule.codes : [null];
  return rule.phases.flatMap((phase) =>
    codes.flatMap((code) => statuses.map((httpStatus) => ({ api: rule.apis?.[0] ?? ('messages' as const), httpStatus, code, phase }))),
  );
};

describe('each row of the error table is what its codes or statuses lead to', () => {
  test.each(errorTable.map((rule) => [titleOf(rule), rule] as const))('%s', (_title, rule) => {
    for (const sighting of sightingsOf(rule)) expect(route(sighting)).toBe(rule);
  });
});

test('what suppresses names its channel, and strikes are counted', () => {
  const suppressing = errorTable.filter(({ action }) => action === 'suppress' || action === 'strike');
  expect(suppressing.every(({ channel }) => channel !== undefined)).toBe(true);
  expect(errorTable.filter(({ action, strikes }) => (action === 'strike') !== (strikes !== undefined))).toEqual([]);
});

test('no code has two rules for one api and phase', () => {
  const seen = errorTable.flatMap((rule) =>
    rule.codes.flatMap((code) => rule.phases.flatMap((phase) => (rule.apis ?? ['any']).map((api) => `${code} ${phase} ${api}`))),
  );
  expect(seen.filter((key, at) => seen.indexOf(key) !== at)).toEqual([]);
});

test.each<[number, RuleAction, string]>([
  [20429, 'lower-rate', 'account'],
  [21611, 'park-sender', 'sender'],
  [21610, 'suppress', 'contact-channel-sender'],
  [21614, 'suppress', 'contact-channel'],
  [21635, 'suppress', 'contact-channel'],
  [21211, 'suppress', 'value'],
  [21217, 'suppress', 'value'],
  [21408, 'stop-country', 'country'],
  [21606, 'stop-batch', 'batch'],
  [20003, 'stop-account', 'account'],
  [20500, 'doubt', 'none'],
  [20503, 'doubt', 'none'],
  [60203, 'retry-late', 'contact'],
])('%i means %s of %s', (code, action, scope) => {
  expect(sync(code)).toMatchObject({ action, scope });
});

test('an unknown code is routed by its status: 429 retry, 5xx doubt, other 4xx rejected', () => {
  expect(sync(99_999, 429).action).toBe('retry');
  expect(sync(99_999, 502).action).toBe('doubt');
  expect(sync(99_999, 422).action).toBe('reject');
  expect(sync(99_999, 403).action).toBe('stop-account');
});

test('neither code nor status is a doubt, never a retry', () => {
  expect(sync(null, null)).toBe(unknownRule);
});

test('a code of the other phase keeps its meaning', () => {
  expect(sync(30006)).toMatchObject({ action: 'suppress', channel: 'sms' });
});

test('the table has a version', () => {
  expect(ruleVersion).toMatch(/^\d{4}-\d{2}\.\d+$/);
});
