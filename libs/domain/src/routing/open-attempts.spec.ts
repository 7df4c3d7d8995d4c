import { aClaim, aResponse, aRequest, now, settings } from './builders.suite.ts';
import { ClaimWindow } from './claim-window.ts';
import { horizonMsOf } from './horizon.ts';
import { earlyKeptMs, OpenAttempts, responseOf, undecodableOf, type RoutingNow } from './open-attempts.ts';

let offset = 0;
const at = (monotonicMs: number): RoutingNow & { offset: number } => ({
  wallMicros: now,
  monotonicMs,
  random: () => 0.5,
  offset: offset++,
});
beforeEach(() => (offset = 0));
const traced = { traceparent: '00-1-2-01' };

test('H is the sum of what an answer can still be under way for', () => {
  expect(horizonMsOf({ lateToleranceMs: 20, clientTimeoutMs: 40_000, providerTimeoutMs: 30_000, skewMs: 5_000 })).toBe(75_020);
});

test('an open attempt is decided once, by its first response', () => {
  const open = new OpenAttempts(settings);
  expect(open.claimed(aClaim(), {}, at(0))).toBeNull();
  expect(open.observed(responseOf(aResponse()), traced, at(1))).toMatchObject({ action: 'accepted:accepted', headers: traced });
  expect(open.observed(responseOf(aResponse({ class: 'REJECTED' })), {}, at(2))).toBeNull();
  expect(open.observed(responseOf(aResponse()), {}, at(3))).toBe('duplicate');
});

test('a response that comes first decides when its claim arrives', () => {
  const open = new OpenAttempts(settings);
  expect(open.observed(responseOf(aResponse()), traced, at(0))).toBeNull();
  expect(open.claimed(aClaim(), {}, at(1))).toMatchObject({ action: 'accepted:accepted', headers: traced });
  expect(open.size).toBe(0);
});

test('a response without an attempt is dropped after an hour, not before', () => {
  const open = new OpenAttempts(settings);
  open.observed(responseOf(aResponse()), {}, at(0));
  expect(open.dropDue(earlyKeptMs - 1)).toBe(0);
  expect(open.dropDue(earlyKeptMs)).toBe(1);
  expect(open.takeChanges(settings.horizonMs)).toEqual([{ key: 'r1#1', value: null }]);
});

test('a claim is due H after its deadline when it was read ahead of it', () => {
  const open = new OpenAttempts(settings);
  open.claimed(aClaim({ deadline: now + 250_000 }), {}, at(1_000));
  expect(open.dueClaims(1_249 + settings.horizonMs)).toEqual([]);
  expect(open.dueClaims(1_250 + settings.horizonMs)).toEqual(['r1#1']);
});

test('silence closes a due claim once', () => {
  const open = new OpenAttempts(settings);
  open.claimed(aClaim(), traced, at(0));
  expect(open.silent('r1#1', at(9_999))).toMatchObject({ action: 'unknown:claim-without-response', class: 'HORIZON', headers: traced });
  expect(open.silent('r1#1', at(9_999))).toBeNull();
});

test('another owner goes on from the state, with horizons that begin anew', () => {
  const before = new OpenAttempts(settings);
  before.claimed(aClaim(), traced, at(0));
  const state = new Map(before.takeChanges(2_000).map(({ key, value }) => [key, value ?? '']));
  const after = new OpenAttempts(settings);
  after.restore(state, at(50_000));
  expect(after.dueClaims(50_000 + settings.horizonMs - 1)).toEqual([]);
  expect(after.dueClaims(50_000 + settings.horizonMs)).toEqual(['r1#1']);
  expect(after.observed(responseOf(aResponse()), {}, at(50_001))).toMatchObject({ action: 'accepted:accepted', claim: aClaim() });
});

test('a claim that is answered soon is never stored; one that is not is, and leaves the window', () => {
  const claims = new ClaimWindow();
  const open = new OpenAttempts(settings, claims);
  open.claimed(aClaim(), traced, at(0));
  claims.readUpTo(1);
  expect(open.takeChanges(1_999)).toEqual([{ key: 'window', value: '{"next":1,"open":[0]}' }]);
  expect(claims.position).toBe(0);
  open.observed(responseOf(aResponse()), {}, at(1_999));
  expect(open.takeChanges(1_999)).toEqual([{ key: 'window', value: '{"next":1,"open":[]}' }]);
  expect(claims.position).toBe(1);
  open.claimed(aClaim({ attemptId: 'r1#2', attempt: 2 }), traced, { ...at(2_000), offset: 1 });
  claims.readUpTo(2);
  expect(open.takeChanges(4_000).map(({ key }) => key)).toEqual(['r1#2', 'window']);
  expect(claims.position).toBe(2);
});

test('doubts of a safe read are counted over its attempts and forgotten when it closes', () => {
  const open = new OpenAttempts(settings);
  const request = aRequest({ api: 'lookup' });
  const actions = [1, 2, 3].map((attempt) => {
    const claim = aClaim({ request, attempt });
    open.claimed(claim, {}, at(attempt));
    const routed = open.observed(responseOf(aResponse({ class: 'IN_DOUBT', reason: 'timeout' }, claim)), {}, at(attempt));
    return routed === null || routed === 'duplicate' ? routed : routed.action;
  });
  expect(actions).toEqual(['retry:lookup-again', 'retry:lookup-again', 'unknown:max-attempts']);
  expect(open.takeChanges(3)).toContainEqual({ key: 'asked:r1', value: null });
});

test('an unreadable response ends its open attempt unknown, and waits for it when it is early', () => {
  const open = new OpenAttempts(settings);
  const poison = undecodableOf({ requestId: 'r1', batchId: 'b1', attempt: '1' }, 'paceline.responses-0-5');
  expect(poison && open.observed(poison, {}, at(0))).toBeNull();
  const routed = open.claimed(aClaim(), {}, at(1));
  expect(routed).toMatchObject({ action: 'unknown:undecodable', class: 'UNDECODABLE' });
  expect(routed?.records[0]?.event.data).toMatchObject({ row: 7, account: 'demo' });
});

test('an unreadable response without headers belongs to nobody', () => {
  expect(undecodableOf({}, 'x')).toBeNull();
});

test('an unreachable log lets every open horizon begin anew', () => {
  const open = new OpenAttempts(settings);
  open.claimed(aClaim(), {}, at(0));
  open.postpone(settings.horizonMs + 7_000);
  expect(open.dueClaims(2 * settings.horizonMs + 6_999)).toEqual([]);
  expect(open.dueClaims(2 * settings.horizonMs + 7_000)).toEqual(['r1#1']);
});
