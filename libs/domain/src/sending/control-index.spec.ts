import type { ControlSet } from '@paceline/contracts';
import { ControlIndex } from './control-index.ts';
import { control, request } from './sending.suite.ts';

type Set = [entity: string, aspect: string, value: unknown];

function indexOf(...set: Set[]): ControlIndex {
  const index = new ControlIndex();
  set.forEach(([entity, aspect, value], at) => index.apply(`${entity}/${aspect}/${at}`, control(entity, aspect, value)));
  return index;
}

const gateWith = (...set: Set[]) => indexOf(...set).gateOf(request());
const returned = (reason: string) => ({ act: 'return', reason });

test.each([
  ['account:demo', 'paused', true, 'account-paused'],
  ['account:demo', 'breaker', 'open', 'breaker-open'],
  ['batch:b1', 'paused', true, 'batch-paused'],
  ['batch:b1', 'paused', 'stopped', 'batch-paused'],
  ['lane:messages:abc', 'parked', 'parked', 'lane-parked'],
  ['lane:messages:abc', 'parked', 'stopped', 'lane-parked'],
  ['lane:messages:abc', 'paused', true, 'lane-parked'],
  ['lane:demo/messages:abc', 'parked', 'parked', 'lane-parked'],
])('%s %s %j returns the slot: %s', (...[entity, aspect, value, reason]) => {
  expect(gateWith([entity, aspect, value])).toEqual(returned(reason));
});

test('cancelled ends the row, whatever else is set', () => {
  expect(gateWith(['account:demo', 'paused', true], ['batch:b1', 'cancelled', true])).toEqual({ act: 'close' });
});

test('a lane cancelled up to an instant is the matter of the pacer; any other value of it holds the lane', () => {
  expect(gateWith(['lane:messages:abc', 'cancelled', 1_800_000_000_000_000])).toBeNull();
  expect(gateWith(['lane:messages:abc', 'cancelled', true])).toEqual(returned('lane-parked'));
});

test('of another account, batch or lane, lifted or false: open', () => {
  expect(gateWith(['account:other', 'paused', true], ['batch:b1', 'paused', false], ['account:demo', 'breaker', null])).toBeNull();
  expect(gateWith(['lane:other/messages:abc', 'parked', 'parked'], ['account:demo', 'breaker', 'closed'])).toBeNull();
});

test('a probe that was granted goes through: half-open breaker, probed lane', () => {
  expect(gateWith(['account:demo', 'breaker', 'half-open'])).toBeNull();
  expect(gateWith(['lane:demo/messages:abc', 'parked', 'probing'])).toBeNull();
});

test('between origins the most restrictive wins', () => {
  expect(gateWith(['account:demo', 'breaker', 'half-open'], ['account:demo', 'breaker', 'open'])).toEqual(returned('breaker-open'));
  expect(gateWith(['lane:messages:abc', 'parked', 'probing'], ['lane:messages:abc', 'parked', true])).toEqual(returned('lane-parked'));
});

test.each([
  ['account:demo', 'breaker', 'odd', 'breaker-open'],
  ['account:demo', 'breaker', { state: 'closed' }, 'breaker-open'],
  ['lane:messages:abc', 'parked', 1, 'lane-parked'],
])('a value that is not understood closes: %s %s %j', (...[entity, aspect, value, reason]) => {
  expect(gateWith([entity, aspect, value])).toEqual(returned(reason));
});

test('a text that is no JSON counts as itself', () => {
  const index = new ControlIndex();
  index.apply('k', { ...control('account:demo', 'breaker', 'x'), value: 'half-open' } satisfies ControlSet);
  expect(index.gateOf(request())).toBeNull();
});

test('the lowest cap counts, and a change replaces the old value', () => {
  const index = new ControlIndex();
  index.apply('a', control('account:demo', 'cap', 30));
  index.apply('b', control('account:demo', 'cap', 10));
  expect(index.capOf('demo')).toBe(10);
  index.apply('b', undefined);
  expect(index.capOf('demo')).toBe(30);
});
