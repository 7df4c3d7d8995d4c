import type { CodeCount } from '@paceline/contracts';
import { accountStop, Bench, count, meta, refused } from './account-steward.suite.ts';

const breaker = 'account:demo/breaker/breaker';
const lane = 'lane:demo/messages:abc/parked/breaker';
const batch = 'batch:b1/paused/breaker';

let bench: Bench;
beforeEach(() => (bench = new Bench()));

describe('the breaker of an account', () => {
  test.each([
    ['401 with 20003', accountStop],
    ['403 without a code', count({ class: 'ACCOUNT_STOP' })],
    ['a suspended account with status 400', refused(20005)],
    ['outbound disabled', refused(30002)],
    ['30037', refused(30037)],
  ])('opens at the first such answer: %s', (_what, answer) => {
    const [change] = bench.after(0, answer);
    expect(change).toMatchObject({ entity: 'account:demo', aspect: 'breaker', origin: 'breaker', value: '"open"' });
    expect(change?.reason).toMatch(/^Twilio refused the account \(.+\); nothing is called, tried again after 15 s$/);
  });

  test('a 403 that is about the row leaves it closed', () => {
    expect(bench.after(0, count({ class: 'ACCOUNT_STOP', code: 60205 }))).toEqual([]);
  });

  test('is half-open after its wait, and lifted by an answer of any other kind', () => {
    bench.after(0, accountStop);
    expect(bench.steward.nextAtMs()).toBe(5_000);
    bench.after(100);
    expect(bench.steward.nextAtMs()).toBe(15_000);
    bench.after(14_900);
    expect(bench.of(breaker)).toBe('half-open');
    bench.after(200, refused(21211));
    expect(bench.of(breaker)).toBeNull();
  });

  test('opens anew with twice the wait when the probe was refused; what is in doubt or was not sent proves nothing', () => {
    bench.after(0, accountStop);
    bench.after(15_000);
    bench.after(100, count({ class: 'IN_DOUBT' }), count({ class: 'NOT_SENT' }));
    expect(bench.of(breaker)).toBe('half-open');
    expect(bench.after(100, accountStop)[0]).toMatchObject({ value: '"open"', reason: expect.stringContaining('after 30 s') });
  });

  test('lifted by a person it stays lifted until there is new evidence', () => {
    bench.after(0, accountStop);
    bench.after(1_000);
    bench.set(breaker, null);
    expect([...bench.after(1_000), ...bench.after(60_000)]).toEqual([]);
    bench.after(100, accountStop);
    expect(bench.of(breaker)).toBe('open');
  });

  test('goes on after a restart: what the table holds is waited for and probed', () => {
    bench.after(0, accountStop);
    bench.restarted();
    expect(bench.after(1_000)).toEqual([]);
    bench.after(15_000);
    expect(bench.of(breaker)).toBe('half-open');
  });

  test('a change that the table does not show is written again', () => {
    bench.after(0, accountStop);
    bench.forget();
    expect(bench.after(4_999)).toEqual([]);
    expect(bench.after(1)).toMatchObject([{ value: '"open"' }]);
  });
});

describe('a lane whose queue is full', () => {
  test.each([
    [21611, 'messages:abc', 30],
    [30001, 'messages:abc', 600],
    [22005, 'calls:abc', 60],
  ])('is parked by %i, for as long as the error table says, then probed, then free again', (code, name, seconds) => {
    const key = `lane:demo/${name}/parked/breaker`;
    const [change] = bench.after(0, refused(code, { lane: name }));
    expect(change).toMatchObject({ entity: `lane:demo/${name}`, value: '"parked"' });
    expect(change?.reason).toMatch(new RegExp(`^code ${code}: .+; tried again after ${seconds} s$`));
    bench.after(seconds * 1_000);
    expect(bench.of(key)).toBe('probing');
    bench.after(100, count({ lane: name }));
    expect(bench.of(key)).toBeNull();
  });

  test('that stays full for as long as a row may be throttled has its rows ended, those that have waited so long', () => {
    const bench = new Bench();
    const ends = (ms: number, ...counts: CodeCount[]): unknown[] =>
      bench.after(ms, ...counts).filter(({ aspect }) => aspect === 'cancelled');
    expect(ends(0, refused(21611))).toEqual([]);
    expect(ends(3_599_000)).toEqual([]);
    const wall = (3_599_000 + 1_000) * 1_000;
    expect(ends(1_000)).toMatchObject([{ entity: 'lane:demo/messages:abc', origin: 'breaker', value: String(wall - 3_600_000_000) }]);
    expect(ends(1_000)).toEqual([]);
    bench.after(0, count({}));
    expect(ends(3_600_000)).toEqual([]);
  });

  test('is parked for twice as long when it is still full, and leaves other lanes and the account alone', () => {
    bench.after(0, refused(21611), count({ lane: 'messages:other' }));
    bench.after(30_000);
    expect(bench.after(100, refused(21611))[0]?.reason).toContain('after 60 s');
    expect([...bench.controls.all()].map(({ entity, aspect, origin }) => `${entity}/${aspect}/${origin}`)).toEqual([lane]);
  });

  test('goes on after a restart', () => {
    bench.after(0, refused(21611));
    bench.restarted();
    bench.after(1_000);
    bench.after(30_000);
    expect(bench.of(lane)).toBe('probing');
  });

  test('is named with its account, and one of another account in the table is left to that', () => {
    bench.set('lane:other/messages:abc/parked/breaker', '"parked"');
    expect(bench.after(60_000)).toEqual([]);
  });
});

describe('a lane or batch that is wrong as a whole', () => {
  const fault = refused(30034, { attempts: 10 });

  test('a lane is stopped after 20 faults of its sender in a row, until a person resumes it', () => {
    expect(bench.after(0, fault)).toEqual([]);
    const [change] = bench.after(100, fault);
    expect(change).toMatchObject({ entity: 'lane:demo/messages:abc', aspect: 'parked', value: '"stopped"' });
    expect(change?.reason).toBe(
      '20 configuration errors without an acceptance (code 30034: sender is not registered, suspended or blocked); ' +
        'correct it, then: paceline resume lane:demo/messages:abc',
    );
    expect(bench.after(3_600_000, count({}))).toEqual([]);
    bench.set(lane, null);
    expect(bench.after(100)).toEqual([]);
    expect(bench.after(100, fault, fault)).toMatchObject([{ value: '"stopped"' }]);
  });

  test('one acceptance ends the run', () => {
    bench.after(0, fault);
    bench.after(100, count({}), refused(30034, { attempts: 19 }));
    expect(bench.of(lane)).toBeNull();
  });

  test.each([
    [30034, lane],
    [21606, batch],
  ])('faults %i beside acceptances in the same count are no run, however many: a fast account has many in each', (code, entity) => {
    for (let n = 0; n < 5; n += 1) bench.after(100, count({ attempts: 400 }), refused(code, { attempts: 60 }));
    expect(bench.of(entity)).toBeNull();
    bench.after(100, refused(code, { attempts: 20 }));
    expect(bench.of(entity)).toBe('stopped');
  });

  test.each([21606, 21703, 21408])('a batch is stopped by %i: the fault is not one of the sender alone', (code) => {
    const [change] = bench.after(0, refused(code, { attempts: 20 }));
    expect(change).toMatchObject({ entity: 'batch:b1', aspect: 'paused', value: '"stopped"' });
    expect(change?.reason).toContain('paceline resume batch:b1');
  });

  test('bad rows stop nothing, however many', () => {
    expect(bench.after(0, refused(21211, { attempts: 500 }), refused(21610, { attempts: 500 }))).toEqual([]);
  });

  test('more than 5 % filtered of a hundred or more stops the batch, 5 % do not', () => {
    expect(bench.after(0, count({ attempts: 95 }), refused(30007, { attempts: 5 }))).toEqual([]);
    expect(bench.after(100, count({ attempts: 93 }), refused(30007, { attempts: 6 }))).toEqual([]);
    bench.after(100, count({ attempts: 1 }));
    expect(bench.of(batch)).toBe('stopped');
  });

  test('a stopped lane or batch stays so over a restart', () => {
    bench.after(0, fault, fault, refused(21606, { attempts: 20 }));
    bench.restarted();
    expect([...bench.after(0), ...bench.after(3_600_000, count({ attempts: 50 }))]).toEqual([]);
    expect([bench.of(lane), bench.of(batch)]).toEqual(['stopped', 'stopped']);
  });
});

describe('the pace', () => {
  const throttle = (seconds: number): void => {
    const throttled = count({ class: 'NOT_PROCESSED', code: 20429, attempts: 30 });
    for (let at = 0; at < seconds; at += 1) bench.after(1_000, count({ attempts: 20 }), throttled);
  };

  test('is lowered by throttling, rate and cap, and lifted when it ends', () => {
    throttle(4);
    expect(bench.of('account:demo/rate/adaptive')).toBeCloseTo(19.7, 0);
    expect(bench.of('account:demo/cap/adaptive')).toBe(4);
    for (let at = 0; at < 180; at += 1) bench.after(1_000, count({ attempts: Number(bench.of('account:demo/rate/adaptive') ?? 50) }));
    expect([bench.of('account:demo/rate/adaptive'), bench.of('account:demo/cap/adaptive')]).toEqual([null, null]);
  });

  test('lifted by a person it is the configured one again, rate and cap', () => {
    throttle(4);
    bench.after(100);
    bench.set('account:demo/rate/adaptive', null);
    bench.after(100);
    expect([bench.of('account:demo/rate/adaptive'), bench.of('account:demo/cap/adaptive')]).toEqual([null, null]);
  });

  test('never rises above what the operator set', () => {
    bench.set('account:demo/rate/operator', '10');
    for (let at = 0; at < 5; at += 1)
      bench.after(1_000, count({ attempts: 4 }), count({ class: 'NOT_PROCESSED', code: null, attempts: 6 }));
    expect(bench.of('account:demo/rate/adaptive')).toBeLessThan(5);
  });

  test('is left alone when adaptation is off, and what was set before is lifted', () => {
    throttle(4);
    bench = Object.assign(new Bench({ enabled: false }), { controls: bench.controls, nowMs: bench.nowMs });
    bench.after(0);
    expect(bench.of('account:demo/rate/adaptive')).toBeNull();
    throttle(4);
    expect(bench.of('account:demo/rate/adaptive')).toBeNull();
  });

  test('a limit of one Verify number or Lookup package does not lower it', () => {
    for (let at = 0; at < 5; at += 1) bench.after(1_000, count({ lane: 'verify', class: 'NOT_PROCESSED', code: 60203, attempts: 30 }));
    expect([...bench.controls.all()]).toEqual([]);
  });
});

test('counts of other accounts are not ours', () => {
  bench.steward.heed({ meta, account: 'other', partition: 0, counts: [accountStop] }, { wall: 0, monotonic: 0 });
  expect(bench.after(0)).toEqual([]);
});

test('no reason holds a number that could be called', () => {
  const reasons = [...bench.after(0, accountStop, refused(21611), refused(30034, { attempts: 20 }))].map(({ reason }) => reason);
  expect(reasons.filter((reason) => /\+?\d{7,}/.test(reason))).toEqual([]);
});
