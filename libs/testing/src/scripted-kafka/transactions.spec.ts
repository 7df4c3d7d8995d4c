import { kafkaError } from './error-codes.ts';
import { type MarkerTargets, Transactions } from './transactions.ts';

const { none, concurrentTransactions, invalidTxnState, invalidProducerEpoch, invalidProducerIdMapping, notEnoughReplicas } = kafkaError;
const at = { topic: 't', partition: 0 };

interface Marker {
  readonly epoch: number;
  readonly commit: boolean;
}

function transactions({ leaderless = false } = {}) {
  const markers: Marker[] = [];
  const partition = { leaderless };
  const targets: MarkerTargets = {
    endPartition: (_, { producerEpoch }, commit) => {
      if (!partition.leaderless) markers.push({ epoch: producerEpoch, commit });
      return !partition.leaderless;
    },
    endOffsets: () => undefined,
  };
  const rules = new Transactions(targets);
  const { producerId, producerEpoch } = rules.initProducerId('x');
  return { rules, markers, partition, claim: { transactionalId: 'x', producerId, producerEpoch } };
}

test('each InitProducerId of a transactional id keeps the producer id and raises the epoch', () => {
  const { rules, claim } = transactions();
  expect(rules.initProducerId('x')).toEqual({ errorCode: none, producerId: claim.producerId, producerEpoch: 1 });
  expect(rules.addPartitions(claim, [at])).toBe(invalidProducerEpoch);
});

test('producers without a transactional id get ids of their own', () => {
  const { rules, claim } = transactions();
  const { producerId, producerEpoch } = rules.initProducerId(null);
  expect(producerId).not.toBe(claim.producerId);
  expect(producerEpoch).toBe(0);
});

test('InitProducerId during a transaction aborts it, fences its producer and is to be asked again', () => {
  const { rules, markers, claim } = transactions();
  rules.addPartitions(claim, [at]);
  expect(rules.initProducerId('x').errorCode).toBe(concurrentTransactions);
  expect(markers).toEqual([{ epoch: 1, commit: false }]);
  expect(rules.initProducerId('x')).toMatchObject({ errorCode: none, producerEpoch: 2 });
  expect(rules.end(claim, true)).toBe(invalidProducerEpoch);
});

test.each([
  [true, true, none],
  [true, false, invalidTxnState],
  [false, false, none],
  [false, true, invalidTxnState],
])('ended with commit %s, ended again with commit %s: %d', (first, second, code) => {
  const { rules, markers, claim } = transactions();
  rules.addPartitions(claim, [at]);
  expect(rules.end(claim, first)).toBe(none);
  expect(rules.end(claim, second)).toBe(code);
  expect(markers).toEqual([{ epoch: 0, commit: first }]);
});

test('an end without a transaction is refused', () => {
  const { rules, claim } = transactions();
  expect(rules.end(claim, true)).toBe(invalidTxnState);
});

test('another producer id is refused', () => {
  const { rules, claim } = transactions();
  expect(rules.addPartitions({ ...claim, producerId: 5 }, [at])).toBe(invalidProducerIdMapping);
});

test('a time-out aborts and fences', () => {
  const { rules, markers, claim } = transactions();
  rules.addPartitions(claim, [at]);
  rules.abortByTimeout('x');
  expect(markers).toEqual([{ epoch: 1, commit: false }]);
  expect([rules.end(claim, true), rules.mayAppend(claim, at)]).toEqual([invalidProducerEpoch, invalidProducerEpoch]);
});

test('a partition may be appended to while it is in the transaction', () => {
  const { rules, claim } = transactions();
  expect(rules.mayAppend(claim, at)).toBe(invalidTxnState);
  rules.addPartitions(claim, [at]);
  expect(rules.mayAppend(claim, at)).toBe(none);
  rules.end(claim, true);
  expect(rules.mayAppend(claim, at)).toBe(invalidTxnState);
});

test('a transaction with a partition without a leader is under way until it has one', () => {
  const { rules, markers, partition, claim } = transactions({ leaderless: true });
  rules.addPartitions(claim, [at]);
  expect(rules.end(claim, true)).toBe(none);
  expect(rules.stateOf('x')).toBe('ending commit');
  expect([rules.end(claim, true), rules.end(claim, false)]).toEqual([concurrentTransactions, invalidTxnState]);
  expect([rules.addPartitions(claim, [at]), rules.mayAppend(claim, at)]).toEqual([concurrentTransactions, notEnoughReplicas]);
  partition.leaderless = false;
  rules.writeWaitingMarkers();
  expect(markers).toEqual([{ epoch: 0, commit: true }]);
  expect([rules.stateOf('x'), rules.end(claim, true)]).toEqual(['complete commit', none]);
});
