import type { AccountReport, WaitingGroup, WaitingReason } from '../pacing/pacing-report.ts';
import { batchEtas } from './eta.ts';
import { statusOf } from './status.ts';
import { endsByItself, waitingText } from './waiting-text.ts';

const now = Date.UTC(2026, 10, 22, 12) * 1_000;
const lane = 'messages:0a1b2c3d4e5f';
const laneNames = new Map([[lane, '+1500***06']]);
const at = (iso: string): number => Date.parse(iso) * 1_000;

const group = (reason: WaitingReason, over: Partial<WaitingGroup> = {}): WaitingGroup => ({
  ...{ batchId: 'b1', lane, priority: 0, rows: 100, waitingSince: null, nextAt: now, reason },
  ...over,
});
const account = (groups: readonly WaitingGroup[], over: Partial<AccountReport> = {}): AccountReport => ({
  ...{ account: 'demo', waiting: 0, waitingSince: null, callsPerSecond: 50, configuredCallsPerSecond: 50 },
  ...{ maxInFlight: 40, inFlight: 0, era: 1, groups },
  ...over,
});
const batch = (batchId: string, open: number, over: object = {}) => ({
  ...{ batchId, account: 'demo', open, inFlight: 0, admitted: open, segments: 0, complete: open === 0 },
  ...over,
});
const rate: WaitingReason = { kind: 'rate', callsPerSecond: 50 };

describe('why rows wait, in words', () => {
  const texts: [WaitingReason, number | null, string][] = [
    [{ kind: 'lane-rate', segmentsPerSecond: 1 }, now, 'lane +1500***06 at 1 segment/s'],
    [rate, now, 'account at 50 calls/s'],
    [{ kind: 'api-rate', api: 'calls', callsPerSecond: 1 }, now, 'calls at 1 call/s'],
    [{ kind: 'quiet-hours', timeZone: 'America/Chicago' }, at('2026-11-22T14:00:00Z'), 'quiet hours until 08:00 America/Chicago'],
    [{ kind: 'paused', entity: 'account:demo', by: 'alice', reason: 'wrong text' }, null, 'account:demo paused by alice: wrong text'],
    [{ kind: 'paused', entity: `lane:${lane}`, by: 'alice', reason: '' }, null, 'lane +1500***06 paused by alice'],
    [{ kind: 'parked', entity: `lane:demo/${lane}`, reason: '21611 queue full' }, null, 'lane +1500***06 parked: 21611 queue full'],
    [{ kind: 'breaker', reason: '20003 authenticate' }, null, 'breaker open: 20003 authenticate'],
    [{ kind: 'no-sender' }, null, 'no sender is running'],
    [{ kind: 'daily-cap', cap: 1000 }, at('2026-11-23T00:00:00Z'), 'daily cap of 1000 calls reached, until 00:00 UTC'],
    [{ kind: 'in-flight', cap: 40 }, now, '40 calls in flight, the most there may be'],
    [{ kind: 'not-before' }, at('2026-11-22T18:30:00Z'), 'not before 18:30 UTC'],
  ];
  test.each(texts)('%j', (reason, nextAt, text) => {
    expect(waitingText(group(reason, { nextAt }), laneNames)).toBe(text);
  });

  test('rows of an unknown zone wait for a person', () => {
    const held = group({ kind: 'quiet-hours', timeZone: null }, { nextAt: null });
    expect(waitingText(held)).toMatch(/time zone is not known.*release or cancel/);
    expect(endsByItself(held)).toBe(false);
  });
});

describe('when a batch will be done', () => {
  const seconds = (accounts: readonly AccountReport[], ...batches: ReturnType<typeof batch>[]): Record<string, number> =>
    Object.fromEntries([...batchEtas(accounts, batches, now)].map(([id, eta]) => [id, eta.seconds]));

  test('the account alone: rows by calls per second', () => {
    expect(seconds([account([group(rate)])], batch('b1', 100))).toEqual({ b1: 2 });
  });

  test('a lane: segments by its rate, over all batches that use it', () => {
    const slow: WaitingReason = { kind: 'lane-rate', segmentsPerSecond: 1 };
    const groups = [group(slow), group(slow, { batchId: 'b2', rows: 20 })];
    expect(seconds([account(groups)], batch('b1', 100, { segments: 200 }), batch('b2', 20))).toEqual({ b1: 220, b2: 220 });
  });

  test('a small batch beside a large one takes turns with it', () => {
    const groups = [group(rate, { rows: 50_000 }), group(rate, { batchId: 'b2', rows: 100 })];
    expect(seconds([account(groups)], batch('b1', 50_000), batch('b2', 100))).toEqual({ b1: 1_002, b2: 4 });
  });

  test('higher priority goes first', () => {
    const groups = [group(rate, { rows: 5_000 }), group(rate, { batchId: 'b2', priority: 5, rows: 1_000 })];
    expect(seconds([account(groups)], batch('b1', 5_000), batch('b2', 1_000))).toEqual({ b1: 120, b2: 20 });
  });

  test('quiet hours count from their end, a daily cap in days', () => {
    const quiet = group({ kind: 'quiet-hours', timeZone: 'UTC' }, { nextAt: now + 3_600e6 });
    expect(seconds([account([quiet])], batch('b1', 100))).toEqual({ b1: 3_600 });
    const capped = group({ kind: 'daily-cap', cap: 50 }, { nextAt: now + 100e6 });
    expect(seconds([account([capped])], batch('b1', 100))).toEqual({ b1: 100 + 86_400 });
  });

  test('rows that the pacer has not read yet count too', () => {
    expect(seconds([account([group(rate, { rows: 50 })])], batch('b1', 1_000))).toEqual({ b1: 20 });
  });

  test('what waits for a person has no estimate, and holds no other batch back', () => {
    const groups = [
      group({ kind: 'paused', entity: 'batch:b1', by: 'alice', reason: '' }, { nextAt: null }),
      group(rate, { batchId: 'b2' }),
    ];
    expect(seconds([account(groups)], batch('b1', 100), batch('b2', 100))).toEqual({ b2: 2 });
    expect(seconds([account([group(rate)], { callsPerSecond: 0 })], batch('b1', 100))).toEqual({});
  });

  test('a complete batch has none', () => {
    expect(seconds([account([])], batch('b1', 0))).toEqual({});
  });
});

test('the status names lanes as people know them and puts the largest group first', () => {
  const reports = [
    { schemaVersion: 1 as const, at: now, accounts: [account([group(rate, { rows: 5 }), group(rate, { lane: 'verify', rows: 9 })])] },
  ];
  const { waiting, accounts } = statusOf({ totals: [], reports, laneNames, now });
  expect(waiting.map(({ lane: name, rows }) => [name, rows])).toEqual([
    ['verify', 9],
    ['+1500***06', 5],
  ]);
  expect(accounts).toMatchObject([{ account: 'demo', callsPerSecond: 50 }]);
});
