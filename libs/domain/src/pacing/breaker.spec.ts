import fc from 'fast-check';
import { Breaker } from './breaker.ts';

const waits = { firstMs: 15_000, longestMs: 600_000 };
const fault = { faults: 1, proofs: 0 };
const proof = { faults: 0, proofs: 1 };

function opened(): Breaker {
  const breaker = new Breaker(waits);
  breaker.heed(fault, 0);
  return breaker;
}

test('the first fault opens it at once, until its wait is over', () => {
  const breaker = opened();
  expect([breaker.state, breaker.nextAtMs()]).toEqual(['open', 15_000]);
  breaker.pass(14_999);
  expect(breaker.state).toBe('open');
  breaker.pass(15_000);
  expect(breaker.state).toBe('half-open');
});

test('while it is open no answer changes it: those calls were made before', () => {
  const breaker = opened();
  breaker.heed(fault, 100);
  breaker.heed(proof, 200);
  expect([breaker.state, breaker.nextAtMs()]).toEqual(['open', 15_000]);
});

test('half-open, a proof closes it and a fault opens it for twice the wait, ten minutes at most', () => {
  const breaker = opened();
  const seen: number[] = [];
  for (let nowMs = 15_000; seen.length < 8; nowMs = breaker.nextAtMs() ?? 0) {
    breaker.pass(nowMs);
    breaker.heed(fault, nowMs);
    seen.push(breaker.waitMs / 1_000);
  }
  expect(seen).toEqual([30, 60, 120, 240, 480, 600, 600, 600]);
  breaker.pass(breaker.nextAtMs() ?? 0);
  breaker.heed(proof, 1);
  expect(breaker.state).toBe('closed');
});

test('a fault together with a proof is a fault', () => {
  const breaker = opened();
  breaker.pass(15_000);
  breaker.heed({ faults: 1, proofs: 5 }, 15_000);
  expect(breaker.state).toBe('open');
});

test('a fault soon after it closed waits longer, one long after it is a first one again', () => {
  const flickering = (againMs: number): number => {
    const breaker = opened();
    breaker.pass(15_000);
    breaker.heed(proof, 15_000);
    breaker.heed(fault, 15_000 + againMs);
    return breaker.waitMs;
  };
  expect([flickering(30_000), flickering(30_001)]).toEqual([30_000, 15_000]);
});

test('released by a person it stays closed until there is a new fault, which is a first one', () => {
  const breaker = opened();
  breaker.release();
  breaker.pass(999_999);
  expect([breaker.state, breaker.nextAtMs()]).toEqual(['closed', null]);
  breaker.heed(fault, 1_000_000);
  expect([breaker.state, breaker.waitMs]).toEqual(['open', 15_000]);
});

test('adopted from an earlier owner it goes on where that one stood', () => {
  const breaker = new Breaker(waits);
  breaker.adopt('open', 1_000);
  expect(breaker.nextAtMs()).toBe(16_000);
  const asking = new Breaker(waits);
  asking.adopt('half-open', 1_000);
  asking.heed(fault, 2_000);
  expect([asking.state, asking.waitMs]).toEqual(['open', 30_000]);
});

test('it never asks sooner than the first wait after a fault that opened it, whatever happens', () => {
  const step = fc.record({ afterMs: fc.nat(40_000), faults: fc.nat(2), proofs: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const breaker = new Breaker(waits);
      let nowMs = 0;
      let openedMs: number | null = null;
      for (const { afterMs, ...answers } of steps) {
        nowMs += afterMs;
        const before = breaker.state;
        breaker.pass(nowMs);
        if (before === 'open' && breaker.state === 'half-open') expect(nowMs - (openedMs ?? nowMs)).toBeGreaterThanOrEqual(15_000);
        const asked = breaker.state;
        breaker.heed(answers, nowMs);
        if (asked !== 'open' && breaker.state === 'open') openedMs = nowMs;
        expect(breaker.waitMs).toBeLessThanOrEqual(600_000);
      }
    }),
  );
});
