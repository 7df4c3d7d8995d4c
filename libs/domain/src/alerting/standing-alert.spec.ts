import fc from 'fast-check';
import { AlertBoard } from './alert-board.ts';
import type { AlertMessage } from './alert-message.ts';
import type { AlertRule } from './alert-rules.ts';
import { calm, stepped, type AlertStanding } from './standing-alert.ts';
import type { WatchedValue } from './watched-values.ts';

const rule: AlertRule = {
  ...{ alert: 'throttling', raiseAbove: 10, raiseAfterMs: 10_000, clearAtMost: 4, clearAfterMs: 20_000 },
  ...{ quietMs: 60_000, remindMs: 600_000 },
};
const ms = (n: number): number => n * 1_000;

/** The statuses after readings of [seconds, value]. */
function course(...readings: readonly (readonly [number, number | null])[]): readonly AlertStanding['status'][] {
  let standing = calm;
  return readings.map(([seconds, value]) => (standing = stepped(rule, standing, { value, now: ms(seconds * 1_000) })).status);
}

test.each([
  [
    'a value at the bound raises nothing',
    [
      [0, 10],
      [60, 10],
    ],
    ['calm', 'calm'],
  ],
  [
    'a value above the bound raises after its time',
    [
      [0, 11],
      [9, 11],
      [10, 11],
    ],
    ['calm', 'calm', 'raised'],
  ],
  [
    'a dip in between begins the time anew',
    [
      [0, 11],
      [5, 10],
      [10, 11],
      [19, 11],
      [20, 11],
    ],
    ['calm', 'calm', 'calm', 'calm', 'raised'],
  ],
  [
    'what is not known begins the time anew',
    [
      [0, 11],
      [5, null],
      [12, 11],
      [22, 11],
    ],
    ['calm', 'calm', 'calm', 'raised'],
  ],
  [
    'between the bounds it stays raised',
    [
      [0, 11],
      [10, 11],
      [20, 5],
      [99, 5],
    ],
    ['calm', 'raised', 'raised', 'raised'],
  ],
  [
    'at the lower bound it is cleared after its time',
    [
      [0, 11],
      [10, 11],
      [20, 4],
      [39, 4],
      [40, 4],
    ],
    ['calm', 'raised', 'raised', 'raised', 'calm'],
  ],
  [
    'a rise in between begins that time anew',
    [
      [0, 11],
      [10, 11],
      [20, 4],
      [30, 5],
      [40, 4],
      [60, 4],
    ],
    ['calm', 'raised', 'raised', 'raised', 'raised', 'calm'],
  ],
] as const)('%s', (_title, readings, statuses) => {
  expect(course(...readings)).toEqual(statuses);
});

const step = fc.record({
  afterMs: fc.integer({ min: 1, max: 90_000 }),
  value: fc.oneof(fc.constantFrom(0, 4, 5, 10, 11, 99), fc.constant(null)),
  takeover: fc.boolean(),
  arrives: fc.boolean(),
});

/** One alert led through values and owners; every owner has only what was committed. */
function lived(steps: readonly { afterMs: number; value: number | null; takeover: boolean; arrives: boolean }[]) {
  const state = new Map<string, string>();
  let board = new AlertBoard(state, [rule]);
  const statuses: string[] = [];
  const decided: AlertMessage[] = [];
  let now = 1_800_000_000_000_000;
  for (const { afterMs, value, takeover, arrives } of steps) {
    now += ms(afterMs);
    if (takeover) {
      board = new AlertBoard(state, [rule]);
      for (const message of board.untold) board.arrived(message);
    }
    const watched: WatchedValue = { alert: 'throttling', scope: 'account:demo', account: 'demo', value, text: 'x' };
    const { changes, messages } = board.look([watched], now);
    statuses.push(...changes.map(({ status }) => status));
    decided.push(...messages);
    if (arrives) for (const message of messages) board.arrived(message);
    for (const { key, value: kept } of board.takeChanges()) {
      if (kept === null) state.delete(key);
      else state.set(key, kept);
    }
  }
  return { statuses, decided };
}

test('raised and cleared alternate, whatever the values and however often the owner changes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      lived(steps).statuses.forEach((status, n) => expect(status).toBe(n % 2 === 0 ? 'raised' : 'cleared'));
    }),
  );
});

test('no two messages are nearer to each other than the rate limit, and what they say alternates but for reminders', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { decided } = lived(steps);
      decided.slice(1).forEach(({ at }, n) => expect(at - (decided[n]?.at ?? 0)).toBeGreaterThanOrEqual(ms(rule.quietMs)));
      const turns = decided.filter(({ notice }) => notice !== 'reminder').map(({ notice }) => notice);
      turns.forEach((notice, n) => expect(notice).toBe(n % 2 === 0 ? 'raised' : 'cleared'));
    }),
  );
});
