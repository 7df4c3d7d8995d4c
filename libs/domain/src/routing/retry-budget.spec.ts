import { aClaim, aRequest, aResponse, now, settings } from './builders.suite.ts';
import { OpenAttempts, responseOf, type RoutingNow } from './open-attempts.ts';

const at = (monotonicMs: number): RoutingNow => ({ wallMicros: now, monotonicMs, random: () => 0.5 });
const throttled = { class: 'NOT_PROCESSED', reason: 'answered', httpStatus: 429, code: 20429, sid: null } as const;
const gate = { class: 'NOT_SENT', reason: 'no-place-in-flight', httpStatus: null, code: null, sid: null, bytesWritten: 0 } as const;

type Answer = typeof throttled | typeof gate;

/** Tries rows of a batch once each, all answered alike; what was decided. */
function tried(open: OpenAttempts, rows: readonly number[], tries: { answer?: Answer; attempt?: number; batchId?: string } = {}) {
  const { answer = throttled, attempt = 1, batchId = 'b1' } = tries;
  return rows.map((row) => {
    const claim = aClaim({ request: aRequest({ requestId: `${batchId}-${row}`, batchId }), attempt });
    open.claimed(claim, {}, { ...at(row), offset: row });
    const routed = open.observed(responseOf(aResponse(answer, claim)), {}, at(row));
    return routed === null || routed === 'duplicate' ? String(routed) : routed.action;
  });
}

const rows = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);
const countOf = (actions: readonly string[], action: string): number => actions.filter((one) => one === action).length;
const stateOf = (open: OpenAttempts): Map<string, string> =>
  new Map(open.takeChanges(0).flatMap(({ key, value }) => (value === null ? [] : [[key, value] as const])));

test('without a budget every row is tried again', () => {
  expect(new Set(tried(new OpenAttempts(settings), rows(200)))).toEqual(new Set(['retry:throttled']));
});

test('a batch may cause so many retries per row of it, then its rows end as rejected: retry-budget', () => {
  const actions = tried(new OpenAttempts({ ...settings, batchBudget: 0.2 }), rows(200));
  expect(countOf(actions, 'retry:throttled')).toBe(40);
  expect(countOf(actions, 'rejected:retry-budget')).toBe(160);
});

test('a batch of few rows may cause ten', () => {
  const open = new OpenAttempts({ ...settings, batchBudget: 0.2 });
  const actions = rows(12).flatMap((attempt) => tried(open, [1], { attempt }));
  expect(countOf(actions, 'retry:throttled')).toBe(10);
});

test('each batch has its own', () => {
  const open = new OpenAttempts({ ...settings, batchBudget: 0 });
  tried(open, rows(20));
  expect(tried(open, [1], { batchId: 'b2' })).toEqual(['retry:throttled']);
});

test('rows that gates hold back come again whatever was spent, and spend nothing', () => {
  const open = new OpenAttempts({ ...settings, batchBudget: 0 });
  expect(new Set(tried(open, rows(30), { answer: gate }))).toEqual(new Set(['retry:gate']));
  expect(countOf(tried(open, rows(30), { attempt: 2 }), 'retry:throttled')).toBe(10);
  expect(tried(open, [1], { answer: gate, attempt: 3 })).toEqual(['retry:gate']);
});

test('a new owner goes on counting where the last one was', () => {
  const before = new OpenAttempts({ ...settings, batchBudget: 0.5 });
  tried(before, rows(30));
  const after = new OpenAttempts({ ...settings, batchBudget: 0.5 });
  const state = stateOf(before);
  expect([...state.keys()]).toEqual(['budget:b1']);
  after.restore(state, at(0));
  expect(tried(after, [1], { attempt: 2 })).toEqual(['rejected:retry-budget']);
});

test('the count of a batch is forgotten when no row of it can wait any more', () => {
  const open = new OpenAttempts({ ...settings, batchBudget: 0.5 });
  tried(open, [1]);
  open.takeChanges(0);
  open.dropDue(7 * 86_400_000);
  expect(open.takeChanges(0)).toEqual([]);
  open.dropDue(9 * 86_400_000);
  expect(open.takeChanges(0)).toEqual([{ key: 'budget:b1', value: null }]);
});
