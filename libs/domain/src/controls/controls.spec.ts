import type { ControlOrigin, Request } from '@paceline/contracts';
import {
  accountCap,
  accountOpenness,
  accountRate,
  batchOpenness,
  batchPriority,
  batchWeight,
  callGate,
  ControlIndex,
  controlIdOf,
  controlSet,
  isBatchCancelled,
  laneEndings,
  laneOpenness,
  stopsAnywhere,
  stopText,
} from './index.ts';

type Set = readonly [entity: string, aspect: string, value: unknown, origin?: ControlOrigin];

const key = ([entity, aspect, , origin = 'operator']: Set): string => `${entity}/${aspect}/${origin}`;

function apply(index: ControlIndex, set: Set): void {
  const [, , value] = set;
  const wish = { ...controlIdOf(key(set)), value: value === null ? null : JSON.stringify(value), reason: 'why', by: 'alice' };
  index.apply(key(set), controlSet(wish, 1).data);
}

function controlsOf(...sets: readonly Set[]): ControlIndex {
  const index = new ControlIndex();
  for (const set of sets) apply(index, set);
  return index;
}

const request = { account: 'demo', batchId: 'b1', lane: 'messages:abc' } as Request;
const lane = 'lane:demo/messages:abc';
const returned = (reason: string): object => ({ act: 'return', reason });

describe('one control, whoever reads it', () => {
  // The pacer asks for the openness, the sender for the gate, the command line for what a person can lift.
  test.each<readonly [Set, string, object | null, boolean]>([
    [['account:demo', 'paused', true], 'shut', returned('account-paused'), true],
    [['account:demo', 'paused', 'stopped'], 'shut', returned('account-paused'), true],
    [['account:demo', 'paused', false], 'open', null, false],
    [['account:demo', 'paused', null], 'open', null, false],
    [['account:demo', 'breaker', 'open'], 'shut', returned('breaker-open'), true],
    [['account:demo', 'breaker', 'half-open'], 'probing', null, true],
    [['account:demo', 'breaker', 'closed'], 'open', null, false],
    [['account:demo', 'breaker', 'not understood'], 'shut', returned('breaker-open'), true],
    [['account:demo', 'breaker', { state: 'closed' }], 'shut', returned('breaker-open'), true],
    [['account:demo', 'rate', 0], 'open', null, false],
    [['account:other', 'paused', true], 'open', null, true],
    [['batch:b1', 'paused', true], 'shut', returned('batch-paused'), true],
    [['batch:b1', 'paused', 'stopped', 'breaker'], 'shut', returned('batch-paused'), true],
    [['batch:b1', 'breaker', 'open'], 'shut', returned('batch-paused'), true],
    [['lane:messages:abc', 'paused', true], 'shut', returned('lane-parked'), true],
    [['lane:messages:abc', 'parked', 'parked'], 'shut', returned('lane-parked'), true],
    [[lane, 'parked', 'parked', 'breaker'], 'shut', returned('lane-parked'), true],
    [[lane, 'parked', 'stopped', 'breaker'], 'shut', returned('lane-parked'), true],
    [[lane, 'parked', 'probing', 'breaker'], 'probing', null, true],
    [[lane, 'parked', 1], 'shut', returned('lane-parked'), true],
    [[lane, 'cancelled', 1_800_000_000_000_000], 'open', null, false],
    [[lane, 'cancelled', true], 'shut', returned('lane-parked'), false],
    [['lane:other/messages:abc', 'parked', 'parked'], 'open', null, true],
  ])('%j: %s', (...[set, openness, gate, liftable]) => {
    const controls = controlsOf(set);
    const kinds = [accountOpenness(controls, 'demo'), batchOpenness(controls, 'b1'), laneOpenness(controls, 'demo', 'messages:abc')];
    const least = ['shut', 'probing'].find((kind) => kinds.some((one) => one.kind === kind)) ?? 'open';
    expect([least, callGate(controls, request)]).toEqual([openness, gate]);
    const named = set[0].startsWith('lane:') ? 'lane:messages:abc' : set[0];
    expect(stopsAnywhere(controls, named).length > 0).toBe(liftable);
  });
});

test('cancelled ends the row, whatever else is set', () => {
  expect(callGate(controlsOf(['account:demo', 'paused', true], ['batch:b1', 'cancelled', true]), request)).toEqual({ act: 'close' });
  expect(callGate(controlsOf(['account:demo', 'cancelled', true]), request)).toEqual({ act: 'close' });
  expect(['b1', 'b2'].map((batch) => isBatchCancelled(controlsOf(['batch:b1', 'cancelled', true]), batch))).toEqual([true, false]);
});

test('between origins the most restrictive wins', () => {
  const breaker = controlsOf(['account:demo', 'breaker', 'half-open', 'breaker'], ['account:demo', 'breaker', 'open']);
  expect(accountOpenness(breaker, 'demo').kind).toBe('shut');
  const parked = controlsOf([lane, 'parked', 'probing', 'breaker'], ['lane:messages:abc', 'parked', true]);
  expect(laneOpenness(parked, 'demo', 'messages:abc').kind).toBe('shut');
});

test('a change replaces what its key said, and only that', () => {
  const controls = controlsOf(['account:demo', 'paused', true], ['account:demo', 'breaker', 'open', 'breaker']);
  apply(controls, ['account:demo', 'paused', null]);
  expect(controls.of('account:demo').map(({ aspect }) => aspect)).toEqual(['breaker']);
  controls.apply('account:demo/breaker/breaker', undefined);
  expect([controls.of('account:demo'), [...controls.all()]]).toEqual([[], []]);
});

test('a text that is no JSON counts as itself, and is kept as it was written', () => {
  const controls = new ControlIndex();
  const id = controlIdOf('account:demo/breaker/breaker');
  controls.apply('account:demo/breaker/breaker', controlSet({ ...id, value: 'half-open', reason: '', by: '' }, 1).data);
  expect([accountOpenness(controls, 'demo').kind, controls.valueOf(id)]).toEqual(['probing', 'half-open']);
});

test('a table is followed from what it holds', () => {
  const listeners: ((k: string, data: undefined) => void)[] = [];
  const set: Set = ['batch:b1', 'paused', true];
  const data = controlSet({ ...controlIdOf(key(set)), value: 'true', reason: '', by: '' }, 1).data;
  const controls = ControlIndex.over({ entries: () => [[key(set), data]], onChange: (listener) => listeners.push(listener) });
  expect(batchOpenness(controls, 'b1').kind).toBe('shut');
  listeners[0]?.(key(set), undefined);
  expect(batchOpenness(controls, 'b1').kind).toBe('open');
});

describe('numbers', () => {
  test.each([
    ['rate', accountRate],
    ['cap', accountCap],
  ] as const)('%s: a person replaces the configured one, the others only lower it', (aspect, read) => {
    const read50 = (...sets: readonly Set[]): number => read(controlsOf(...sets), 'demo', 50);
    expect(read50()).toBe(50);
    expect(read50(['account:demo', aspect, 80])).toBe(80);
    expect(read50(['account:demo', aspect, 80], ['account:demo', aspect, 30, 'adaptive'])).toBe(30);
    expect(read50(['account:demo', aspect, 80], ['account:demo', aspect, 90, 'adaptive'])).toBe(80);
    expect(read50(['account:demo', aspect, 90, 'adaptive'])).toBe(50);
  });

  test.each(['fast', -3, 1e12, {}, true])('%j is none', (value) => {
    expect(accountRate(controlsOf(['account:demo', 'rate', value]), 'demo', 50)).toBe(50);
    expect(accountCap(controlsOf(['account:demo', 'cap', value]), 'demo', 50)).toBe(50);
  });

  test('weight and priority of a batch', () => {
    const controls = controlsOf(
      ['batch:b1', 'weight', 3],
      ['batch:b1', 'priority', 5],
      ['batch:b2', 'weight', 0],
      ['batch:b2', 'priority', 1.5],
    );
    expect(['b1', 'b2'].map((batch) => [batchWeight(controls, batch), batchPriority(controls, batch)])).toEqual([
      [3, 5],
      [1, null],
    ]);
  });
});

test("a lane ends its rows up to the latest instant, a person's and the pacer's apart", () => {
  const controls = controlsOf(
    [lane, 'cancelled', 5],
    ['lane:messages:abc', 'cancelled', 9],
    [lane, 'cancelled', 7, 'breaker'],
    [lane, 'cancelled', 'x', 'adaptive'],
  );
  expect(laneEndings(controls, 'demo', 'messages:abc')).toEqual({ cancelled: 9, throttledOut: 7 });
});

test.each<readonly [Set, string]>([
  [['batch:x', 'paused', true], 'paused by alice: why'],
  [['account:x', 'breaker', 'open', 'breaker'], 'breaker open: why'],
  [['account:x', 'breaker', 'half-open', 'breaker'], 'breaker half-open: why'],
  [['lane:x', 'parked', 'parked', 'breaker'], 'parked by the breaker: why'],
  [['account:x', 'paused', true, 'adaptive'], 'paused by the pacer: why'],
])('%j in words', (set, text) => {
  expect([...controlsOf(set).all()].map(stopText)).toEqual([text]);
});

test.each(['account:demo/rate/operator', 'lane:demo/messages:abc/parked/breaker', 'settings:file/applied/operator'])(
  '%s is read as it is written',
  (text) => {
    const { entity, aspect, origin } = controlIdOf(text);
    expect(`${entity}/${aspect}/${origin}`).toBe(text);
  },
);
