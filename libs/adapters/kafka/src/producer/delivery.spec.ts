import { type Batch, placeOf } from './batches.ts';
import { Delivery, type ProduceAnswer } from './delivery.ts';
import { kafkaErrors, KafkaRefusal } from './error-codes.ts';

const { none, notLeaderOrFollower, notEnoughReplicasAfterAppend, outOfOrderSequenceNumber, invalidProducerEpoch } = kafkaErrors;

const batch = (topic: string, partition: number): Batch => ({ topic, partition, messages: [{ value: 'v' }], firstSequence: 5 });
const [a0, a1, b0] = [batch('a', 0), batch('a', 1), batch('b', 0)];

const answer = (...parts: (readonly [Batch, number])[]): ProduceAnswer => ({
  topics: parts.map(([{ topic, partition }, errorCode]) => ({ topicName: topic, partitions: [{ partition, errorCode }] })),
});

const waiting = (delivery: Delivery): string[] => delivery.waiting.map(placeOf);

describe('a delivery', () => {
  it('waits for every batch at first, and nothing has failed', () => {
    const delivery = new Delivery([a0, a1, b0]);
    expect([waiting(delivery), delivery.lastFailure, delivery.refusal]).toEqual([['a/0', 'a/1', 'b/0'], null, null]);
  });

  it('no longer waits for an acknowledged batch, and for this one only', () => {
    const delivery = new Delivery([a0, a1, b0]);
    delivery.answered([a0], answer([a0, none]));
    expect([waiting(delivery), delivery.refusal]).toEqual([['a/1', 'b/0'], null]);
  });

  it.each([notLeaderOrFollower, notEnoughReplicasAfterAppend])('goes on waiting for a batch, as it was, after code %d', (code) => {
    const delivery = new Delivery([a0, a1]);
    delivery.answered([a0, a1], answer([a0, code], [a1, none]));
    expect(delivery.waiting).toEqual([a0]);
    expect(delivery.lastFailure?.message).toMatch(new RegExp(`^a/0: .*\\(${code}\\)$`));
    expect(delivery.refusal).toBeNull();
    delivery.answered([a0], answer([a0, none]));
    expect(delivery.waiting).toEqual([]);
  });

  it('goes on waiting for a batch that the answer leaves out, and says so', () => {
    const delivery = new Delivery([a0, a1]);
    delivery.answered([a0, a1], answer([a0, none]));
    expect([waiting(delivery), delivery.lastFailure?.message]).toEqual([['a/1'], "a/1: the broker's answer leaves it out"]);
  });

  it('goes on waiting for all batches of a request that brought no answer', () => {
    const delivery = new Delivery([a0, a1]);
    const failure = new Error('closed');
    delivery.unanswered(failure);
    expect([waiting(delivery), delivery.lastFailure]).toEqual([['a/0', 'a/1'], failure]);
  });

  it('takes from an answer only what the request to this broker held', () => {
    const delivery = new Delivery([a0, b0]);
    delivery.answered([a0], answer([a0, none], [b0, none]));
    expect(waiting(delivery)).toEqual(['b/0']);
    const other = new Delivery([a0, b0]);
    other.answered([b0], answer([a0, outOfOrderSequenceNumber], [b0, none]));
    expect([waiting(other), other.refusal]).toEqual([['a/0'], null]);
  });

  it('tells partitions of the same number in two topics apart', () => {
    const delivery = new Delivery([a0, b0]);
    delivery.answered([a0, b0], answer([b0, none], [a0, notLeaderOrFollower]));
    expect(waiting(delivery)).toEqual(['a/0']);
  });

  it('has failed with the first refusal, whatever is answered before and after it', () => {
    const delivery = new Delivery([a0, a1, b0]);
    delivery.answered([a0], answer([a0, notLeaderOrFollower]));
    delivery.answered([a1], answer([a1, outOfOrderSequenceNumber]));
    delivery.answered([b0], answer([b0, invalidProducerEpoch]));
    delivery.answered([a0], answer([a0, none]));
    expect(delivery.refusal).toBeInstanceOf(KafkaRefusal);
    expect(delivery.refusal?.message).toBe('a batch for a/1 was refused: outOfOrderSequenceNumber (45)');
    expect(waiting(delivery)).toEqual(['a/1', 'b/0']);
  });
});
