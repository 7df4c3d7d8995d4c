import type { CodesCounted } from '@paceline/contracts';
import { aClaim, aRequest, now } from './builders.suite.ts';
import { CodeTally } from './code-tally.ts';

const ended = (row: number, type: string, over: { account?: string; lane?: string; code?: number } = {}) => {
  const { account = 'demo', lane = 'messages:abc', code = null } = over;
  const claim = aClaim({ request: aRequest({ requestId: `r${row}`, account, lane }) });
  return { attemptId: claim.attemptId, claim, class: type, code };
};

function counted(...all: ReturnType<typeof ended>[]): CodesCounted[] {
  const tally = new CodeTally();
  for (const one of all) tally.add(one);
  return tally.records(3, now).map(({ event }) => event.data as CodesCounted);
}

test('attempts that ended alike are one entry, acceptances too', () => {
  const [record] = counted(ended(1, 'ACCEPTED'), ended(2, 'NOT_PROCESSED', { code: 20429 }), ended(3, 'ACCEPTED'));
  expect(record).toMatchObject({
    account: 'demo',
    partition: 3,
    counts: [
      { lane: 'messages:abc', batchId: 'b1', class: 'ACCEPTED', code: null, attempts: 2 },
      { lane: 'messages:abc', batchId: 'b1', class: 'NOT_PROCESSED', code: 20429, attempts: 1 },
    ],
  });
});

test('each account has its record, under its own key', () => {
  const tally = new CodeTally();
  for (const one of [ended(1, 'ACCEPTED'), ended(2, 'ACCEPTED', { account: 'other' })]) tally.add(one);
  expect(tally.records(0, now).map(({ topic, key }) => [topic, key])).toEqual([
    ['paceline.signals', 'demo'],
    ['paceline.signals', 'other'],
  ]);
});

test.each(['HORIZON', 'UNDECODABLE'])('%s is counted as in doubt', (type) => {
  expect(counted(ended(1, type))[0]?.counts).toMatchObject([{ class: 'IN_DOUBT' }]);
});

test('lanes are apart', () => {
  expect(counted(ended(1, 'ACCEPTED'), ended(2, 'ACCEPTED', { lane: 'calls:abc' }))[0]?.counts).toHaveLength(2);
});

test('the id is that of the first attempt decided in the transaction: written twice it is the same fact', () => {
  const ids = (...all: ReturnType<typeof ended>[]) => counted(...all).map(({ meta }) => meta.eventId);
  expect(ids(ended(1, 'ACCEPTED'), ended(2, 'ACCEPTED'))).toEqual(ids(ended(1, 'ACCEPTED')));
  expect(ids(ended(2, 'ACCEPTED'))).not.toEqual(ids(ended(1, 'ACCEPTED')));
});

test('nothing decided, nothing said', () => {
  expect(counted()).toEqual([]);
});
