import fc from 'fast-check';
import { disposalOf, duePrefix, nextDisposalAt, type DisposalRules, type SlotGates } from './dispose-prefix.ts';
import { request, slot } from './sending.suite.ts';

const rules: DisposalRules = { claimLeadMs: 250, windowMs: 60, lateToleranceMs: 20, maxAheadMs: 2_000, most: 500 };
const second = 1_000_000;
const at = (ms: number) => ({ slot: slot({ slotAt: 10 * second + ms * 1000 }) });
const now = 10 * second;

const open: SlotGates = {
  tablesFresh: () => true,
  knowsAccount: () => true,
  controlOf: () => null,
  isSuppressed: () => false,
  isBuildable: () => true,
  hasRoom: () => true,
};
const dispose = (over: Partial<SlotGates> = {}, given = slot({ slotAt: now })) =>
  disposalOf(given, { ...open, ...over }, { nowMicros: now, rules });

describe('which prefix is disposed of', () => {
  it('none while the nearest slot is further away than the lead', () => {
    expect(duePrefix([at(300), at(400)], now, rules)).toBe(0);
    expect(nextDisposalAt([at(300), at(400)], now, rules)).toBe(now + 50_000);
  });

  it('up to the last slot within lead and window, those in between included', () => {
    expect(duePrefix([at(900), at(200), at(700), at(305), at(320)], now, rules)).toBe(4);
  });

  it('a record nobody can read, and a slot far ahead of our clock, at once', () => {
    expect(duePrefix([{ slot: null }, at(900)], now, rules)).toBe(1);
    expect(duePrefix([at(5_000), at(900)], now, rules)).toBe(1);
  });

  it('nothing of an empty queue', () => {
    expect([duePrefix([], now, rules), nextDisposalAt([], now, rules)]).toEqual([0, null]);
  });

  it('is never empty once due, never longer than one transaction, and leaves no near slot behind it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 3_000 }), { maxLength: 30 }), (offsets) => {
        const queue = offsets.map(at);
        const most = 10;
        const count = duePrefix(queue, now, { ...rules, most });
        const due = (nextDisposalAt(queue, now, rules) ?? Infinity) <= now;
        expect(count > 0).toBe(due);
        expect(count).toBeLessThanOrEqual(most);
        const isNear = (ms: number) => ms <= rules.claimLeadMs || ms > rules.maxAheadMs;
        if (count < most) expect(offsets.slice(count).some(isNear)).toBe(false);
      }),
    );
  });
});

describe('how a slot is disposed of', () => {
  it('claimed when nothing is in the way', () => {
    expect(dispose()).toEqual({ act: 'claim' });
  });

  it('late is returned, and only beyond the tolerance', () => {
    expect(dispose({}, slot({ slotAt: now - 20_001 }))).toEqual({ act: 'return', reason: 'late' });
    expect(dispose({}, slot({ slotAt: now - 20_000 }))).toEqual({ act: 'claim' });
  });

  it('far ahead of our clock is returned', () => {
    expect(dispose({}, slot({ slotAt: now + 2_000_001 }))).toEqual({ act: 'return', reason: 'clock-ahead' });
  });

  it.each([
    ['tables-not-fresh', { tablesFresh: () => false, isSuppressed: () => true }],
    ['unknown-account', { knowsAccount: () => false }],
    ['account-paused', { controlOf: () => ({ act: 'return', reason: 'account-paused' }) as const }],
    ['no-place-in-flight', { hasRoom: () => false }],
  ] as const)('returned: %s', (reason, gates) => {
    expect(dispose(gates)).toEqual({ act: 'return', reason });
  });

  it('suppressed and expired rows end, also while paused', () => {
    const paused = () => ({ act: 'return', reason: 'account-paused' }) as const;
    expect(dispose({ isSuppressed: () => true, controlOf: paused })).toMatchObject({ act: 'close', outcome: 'suppressed' });
    expect(dispose({ controlOf: paused }, slot({ slotAt: now, request: request({ expiresAt: now }) }))).toMatchObject({
      outcome: 'expired',
    });
  });

  it('cancelled ends before anything else is asked', () => {
    const cancelled = { act: 'close', outcome: 'cancelled', reason: 'cancelled' } as const;
    expect(dispose({ controlOf: () => cancelled, isSuppressed: () => true })).toEqual(cancelled);
  });

  it('a row no call can be built from ends', () => {
    expect(dispose({ isBuildable: () => false })).toMatchObject({ act: 'close', reason: 'unbuildable' });
  });
});
