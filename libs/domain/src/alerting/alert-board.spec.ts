import { alertEvent } from './alert-events.ts';
import { webhookBody } from './alert-message.ts';
import { AlertBoard } from './alert-board.ts';
import { AlertWorld, noon } from './alert-world.suite.ts';
import type { WatchedValue } from './watched-values.ts';

const open = { reason: 'code 20003' };

test('a takeover raises nothing again and goes on with what was measured', () => {
  const world = new AlertWorld();
  world.breakers.set('demo', open);
  let waiting = 0;
  for (let n = 0; n < 12; n += 1) {
    world.pass(30, () => world.gauge((waiting += 10)));
    world.takeover();
  }
  expect(world.story).toEqual(['breaker-open demo raised', 'backlog-growing demo raised']);
  expect(world.told).toEqual(['breaker-open raised', 'backlog-growing raised']);
});

test('while it lasts it is told again every hour', () => {
  const world = new AlertWorld();
  world.breakers.set('demo', open);
  world.pass(2 * 3_600 + 600);
  expect(world.told).toEqual(['breaker-open raised', 'breaker-open reminder', 'breaker-open reminder']);
});

test('what flickers is told once in five minutes, and the last word is how it stands', () => {
  const world = new AlertWorld();
  const flicker = (): void => {
    world.breakers.set('demo', open);
    world.pass(5);
    world.breakers.clear();
    world.pass(70);
  };
  flicker();
  flicker();
  flicker();
  expect(world.story).toHaveLength(6);
  expect(world.told).toEqual(['breaker-open raised']);
  world.pass(300);
  expect(world.told).toEqual(['breaker-open raised', 'breaker-open cleared']);
  expect(world.messages[1]).toMatchObject({ since: world.messages[0]?.since, threshold: 0 });
});

test('what is over and told is forgotten', () => {
  const world = new AlertWorld();
  world.breakers.set('demo', open);
  world.pass(600);
  world.breakers.clear();
  world.pass(600);
  expect(world.kept.filter((key) => key.startsWith('alert:'))).toEqual([]);
});

test('an account that left the settings is watched no more, and its alerts are cleared', () => {
  const world = new AlertWorld();
  world.breakers.set('other', open);
  world.pass(5, () => world.codes({ class: 'ACCEPTED' }));
  world.takeover(['demo']);
  world.pass(90);
  expect(world.story).toEqual(['breaker-open other raised', 'breaker-open other cleared']);
});

describe('a message', () => {
  const broken: WatchedValue = { alert: 'breaker-open', scope: 'account:demo', account: 'demo', value: 1, text: 'account demo: open' };

  test('that did not arrive before the owner died is told by the next one, with the same id', () => {
    const first = new AlertBoard();
    const [message] = first.look([broken], noon).messages;
    const state = new Map(first.takeChanges().map(({ key, value }) => [key, value ?? '']));
    const next = new AlertBoard(state);
    expect(next.untold).toEqual([message]);
    for (const untold of next.untold) next.arrived(untold);
    const after = new Map(next.takeChanges().map(({ key, value }) => [key, value ?? '']));
    expect(new AlertBoard(after).untold).toEqual([]);
  });

  test('has a generic shape that programs read and a text that Slack shows', () => {
    const [message] = new AlertBoard().look([broken], noon).messages;
    if (message === undefined) throw new Error('nothing was told');
    const text = 'account demo: open';
    expect(webhookBody(message, 'generic')).toEqual({
      schemaVersion: 1,
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      ...{ alert: 'breaker-open', state: 'raised', reminder: false, scope: 'account:demo', account: 'demo', value: 1, threshold: 0 },
      ...{ since: '2027-01-15T08:00:00.000Z', at: '2027-01-15T08:00:00.000Z', text },
    });
    expect(webhookBody({ ...message, notice: 'reminder' }, 'generic')).toMatchObject({ state: 'raised', reminder: true });
    expect(webhookBody({ ...message, notice: 'cleared' }, 'generic')).toMatchObject({ state: 'cleared', reminder: false });
    expect(webhookBody(message, 'slack')).toEqual({ text: `[raised] breaker-open: ${text}` });
  });

  test('is not needed for the events: an alert and its end name each other', () => {
    const world = new AlertWorld();
    world.breakers.set('demo', open);
    world.look();
    world.breakers.clear();
    world.pass(120);
    const [raised, cleared] = world.changes.map(alertEvent);
    expect([raised?.type, cleared?.type]).toEqual(['AlertRaised', 'AlertCleared']);
    expect(cleared?.data.meta.causationId).toBe(raised?.data.meta.eventId);
    expect(cleared?.data.since).toBe(raised?.data.since);
  });
});
