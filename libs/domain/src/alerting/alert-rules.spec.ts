import { alertRules, retentionBearsMs } from './alert-rules.ts';
import { AlertWorld, noon } from './alert-world.suite.ts';

const day = 86_400_000_000;
let world: AlertWorld;
beforeEach(() => (world = new AlertWorld()));

test.each(alertRules)('$alert is cleared by a bound that does not raise it, and told no more often than it may', (rule) => {
  expect(rule.clearAtMost).toBeLessThanOrEqual(rule.raiseAbove);
  expect(rule.remindMs).toBeGreaterThanOrEqual(rule.quietMs);
});

test('what retention bears is what the shortest-lived part of a batch total is kept for', () => {
  expect(retentionBearsMs).toBe((30 * day) / 1_000);
});

describe('throttling', () => {
  const answers = (throttled: number) => () =>
    world.codes({ class: 'ACCEPTED', attempts: 100 - throttled }, { class: 'NOT_PROCESSED', code: 20429, attempts: throttled });

  test('is raised when more than 5 % of the last minute were 429, and says how many', () => {
    world.pass(60, answers(5));
    expect(world.story).toEqual([]);
    world.pass(60, answers(8));
    expect(world.story).toEqual(['throttling demo raised']);
    expect(world.changes[0]?.text).toMatch(/^account demo: \d\.\d % of the answers of the last minute were 429$/);
  });

  test('holds between its bounds and is cleared after two minutes at or below the lower one', () => {
    world.pass(60, answers(20));
    world.pass(600, answers(4));
    expect(world.story).toEqual(['throttling demo raised']);
    world.pass(120 + 20, answers(1));
    expect(world.story).toHaveLength(1);
    world.pass(30, answers(1));
    expect(world.story).toEqual(['throttling demo raised', 'throttling demo cleared']);
  });

  test('a few answers say nothing', () => {
    world.pass(55, () => world.codes({ class: 'NOT_PROCESSED', attempts: 1 }));
    expect(world.story).toEqual([]);
  });

  test('calls that never left are no answers', () => {
    world.pass(60, () => world.codes({ class: 'NOT_SENT', attempts: 500 }, { class: 'NOT_PROCESSED', attempts: 5 }));
    expect(world.changes[0]?.value).toBe(1);
  });

  test('ends with the traffic', () => {
    world.pass(60, answers(50));
    world.pass(240);
    expect(world.story).toEqual(['throttling demo raised', 'throttling demo cleared']);
  });
});

describe('backlog-growing', () => {
  let waiting = 0;
  beforeEach(() => (waiting = 1_000));
  const growing = () => world.gauge((waiting += 10));

  test('is raised after five minutes of growth, not before', () => {
    world.pass(300, growing);
    expect(world.story).toEqual([]);
    world.pass(60, growing);
    expect(world.story).toEqual(['backlog-growing demo raised']);
    expect(world.changes[0]?.text).toMatch(/^account demo: the backlog has only grown for 5 min; \d+ rows wait$/);
  });

  test('a backlog that swings but grows, grows', () => {
    let n = 0;
    world.pass(420, () => world.gauge((waiting += (n += 1) % 2 === 0 ? 100 : -50)));
    expect(world.story).toEqual(['backlog-growing demo raised']);
  });

  test('a backlog that shrinks once begins anew', () => {
    world.pass(240, growing);
    world.gauge((waiting = 900));
    world.pass(240, growing);
    expect(world.story).toEqual([]);
  });

  test('a large backlog that is worked off raises nothing', () => {
    waiting = 1_000_000;
    world.pass(1_200, () => world.gauge((waiting -= 10)));
    expect(world.story).toEqual([]);
  });

  test('is cleared when it has not grown for two minutes', () => {
    world.pass(400, growing);
    world.pass(110, () => world.gauge((waiting -= 10)));
    expect(world.story).toHaveLength(1);
    world.pass(60, () => world.gauge((waiting -= 10)));
    expect(world.story).toEqual(['backlog-growing demo raised', 'backlog-growing demo cleared']);
  });

  test('while no pacer speaks nothing changes', () => {
    world.pass(400, growing);
    world.pass(3_600);
    expect(world.story).toEqual(['backlog-growing demo raised']);
  });

  test('a pacer that has said that nothing waits may be silent', () => {
    world.pass(400, growing);
    world.gauge(0);
    world.pass(600);
    expect(world.story).toEqual(['backlog-growing demo raised', 'backlog-growing demo cleared']);
  });
});

describe('old-doubts', () => {
  test('is raised when a call has been in doubt for more than 15 minutes', () => {
    world.codes({ class: 'IN_DOUBT', attempts: 2 });
    world.pass(15 * 60);
    expect(world.story).toEqual([]);
    world.pass(60);
    expect(world.story).toEqual(['old-doubts demo raised']);
    expect(world.changes[0]).toMatchObject({ value: 2, threshold: 0, account: 'demo' });
  });

  test('a safe read in doubt is asked again and raises nothing', () => {
    world.codes({ class: 'IN_DOUBT', lane: 'lookup' }, { class: 'IN_DOUBT', lane: 'lookup:0a1b2c3d4e5f' });
    world.pass(20 * 60);
    expect(world.story).toEqual([]);
  });

  test('is cleared when they are of yesterday, and what is remembered stays small', () => {
    world.pass(3 * 3_600, () => world.codes({ class: 'IN_DOUBT' }));
    expect(world.changes[0]).toMatchObject({ alert: 'old-doubts', status: 'raised' });
    world.now += 22 * 3_600_000_000;
    world.pass(120);
    expect(world.story).toHaveLength(1);
    world.now += 2 * 3_600_000_000;
    world.pass(120);
    expect(world.story).toEqual(['old-doubts demo raised', 'old-doubts demo cleared']);
  });
});

describe('breaker-open', () => {
  test('is raised at once, with its reason, and a probe does not clear it', () => {
    world.breakers.set('demo', { reason: 'code 20003' });
    world.look();
    expect(world.changes[0]).toMatchObject({
      alert: 'breaker-open',
      status: 'raised',
      text: 'account demo: its breaker is open: code 20003',
    });
    world.pass(300);
    expect(world.story).toHaveLength(1);
  });

  test('is cleared when it was closed for a minute', () => {
    world.breakers.set('demo', { reason: 'code 20003' });
    world.look();
    world.breakers.delete('demo');
    world.pass(30);
    world.breakers.set('demo', { reason: 'code 20003' });
    world.pass(30);
    world.breakers.delete('demo');
    world.pass(60);
    expect(world.story).toHaveLength(1);
    world.pass(10);
    expect(world.story).toEqual(['breaker-open demo raised', 'breaker-open demo cleared']);
  });

  test('controls that may not be up to date say nothing', () => {
    world.breakers.set('demo', { reason: 'code 20003' });
    world.look();
    world.breakers.set('demo', 'unknown');
    world.pass(600);
    expect(world.story).toEqual(['breaker-open demo raised']);
  });
});

describe('dead-letters', () => {
  test('is raised by one, about the topic and no account, and cleared an hour after the last', () => {
    world.letter();
    world.pass(5);
    expect(world.changes[0]).toMatchObject({ scope: 'topic:paceline.dead-letters/0', account: null, value: 1 });
    expect(world.changes[0]?.text).toBe(
      '1 record became dead letters in the last hour (paceline.dead-letters/0); last: sender gave up on a record of paceline.slots',
    );
    world.pass(1_800);
    world.letter();
    world.pass(3_600);
    expect(world.story).toEqual(['dead-letters raised']);
    world.pass(120);
    expect(world.story).toEqual(['dead-letters raised', 'dead-letters cleared']);
  });
});

describe('retention', () => {
  test('is raised when the oldest row waits for more than a quarter of what retention bears', () => {
    world.pass(120, () => world.gauge(5, noon - 7 * day));
    expect(world.story).toEqual([]);
    world.pass(120, () => world.gauge(5, noon - 8 * day));
    expect(world.story).toEqual(['retention demo raised']);
    expect(world.changes[0]?.text).toBe('account demo: the oldest row waits for 8.0 d, 26.7 % of the 30.0 d that retention bears');
  });

  test('is cleared when it went', () => {
    world.pass(120, () => world.gauge(5, noon - 8 * day));
    world.pass(620, () => world.gauge(4, noon - day));
    expect(world.story).toEqual(['retention demo raised', 'retention demo cleared']);
  });
});
