import { metaOf, type EventTypes } from '@paceline/contracts';
import { SenderGaugeBoard } from './sender-gauge-board.ts';

const gauge = (over: Partial<EventTypes['SenderGauged']> = {}): EventTypes['SenderGauged'] => ({
  meta: metaOf('SenderGauged', { natural: ['test'], at: 0, correlationId: 'demo' }),
  sender: 'sender-1',
  partition: 0,
  epoch: 1,
  account: 'demo',
  inFlight: 3,
  latencyP90Ms: 100,
  latencyMeanMs: 60,
  ...over,
});

function boardWith(...said: [Partial<EventTypes['SenderGauged']>, number][]): SenderGaugeBoard {
  const board = new SenderGaugeBoard();
  for (const [over, atMs] of said) board.heed(gauge(over), atMs);
  return board;
}

test('gauges are absolute: the newest of a partition and account replaces the one before', () => {
  const board = boardWith([{ inFlight: 9 }, 0], [{ inFlight: 2 }, 500], [{ inFlight: 4, partition: 1 }, 500]);
  expect(board.inFlight('demo', 600)).toBe(6);
});

test('the worst p90 counts, whoever sees it; null when nobody has one', () => {
  expect(boardWith([{ latencyP90Ms: 80 }, 0], [{ partition: 1, latencyP90Ms: 250 }, 0]).latencyP90Ms('demo', 10)).toBe(250);
  expect(boardWith([{ latencyP90Ms: null }, 0]).latencyP90Ms('demo', 10)).toBeNull();
});

test('the mean is that of all partitions; who tells none is taken by its p90', () => {
  const board = boardWith(
    [{ latencyMeanMs: 60 }, 0],
    [{ partition: 1, latencyMeanMs: 90 }, 0],
    [{ partition: 2, latencyMeanMs: null, latencyP90Ms: 150 }, 0],
    [{ partition: 3, latencyMeanMs: null, latencyP90Ms: null }, 0],
  );
  expect(board.latencyMeanMs('demo', 10)).toBe(100);
  expect(boardWith([{ latencyMeanMs: null, latencyP90Ms: null }, 0]).latencyMeanMs('demo', 10)).toBeNull();
  expect(board.latencyMeanMs('demo', 2_001)).toBeNull();
});

test('a gauge lasts two seconds after it was heard, then it is silence', () => {
  const board = boardWith([{}, 1_000]);
  expect([board.speaks(0, 3_000), board.inFlight('demo', 3_000), board.latencyP90Ms('demo', 3_000)]).toEqual([true, 3, 100]);
  expect([board.speaks(0, 3_001), board.inFlight('demo', 3_001), board.latencyP90Ms('demo', 3_001)]).toEqual([false, 0, null]);
});

test('a partition speaks by the gauge of any account', () => {
  const board = boardWith([{ account: 'other' }, 0]);
  expect([board.speaks(0, 1), board.speaks(1, 1), board.inFlight('demo', 1)]).toEqual([true, false, 0]);
});

test('a newer epoch replaces all that the older one said, and the older one is not heard again', () => {
  const board = boardWith(
    [{ inFlight: 9 }, 0],
    [{ account: 'other', inFlight: 5 }, 0],
    [{ epoch: 2, sender: 'sender-2', inFlight: 1 }, 100],
  );
  expect([board.inFlight('demo', 200), board.inFlight('other', 200)]).toEqual([1, 0]);
  board.heed(gauge({ inFlight: 7 }), 300);
  expect(board.inFlight('demo', 300)).toBe(1);
});

test('after two seconds of silence anyone may speak, whatever the epoch: generations can begin anew', () => {
  const board = boardWith([{ epoch: 40 }, 0], [{ epoch: 1, sender: 'sender-2', inFlight: 6 }, 2_001]);
  expect([board.speaks(0, 2_002), board.inFlight('demo', 2_002)]).toEqual([true, 6]);
});
