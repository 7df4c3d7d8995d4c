import { jest } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import {
  leaderMovesBeforeItsAnswer,
  leaderStopsBeforeItsAnswer,
  type ProducerFactory,
  refusedByCoordinatorWhileAnswerUnderWay,
  refusedByLeaderWhileAnswerUnderWay,
  scenarioValues,
} from './produce-scenarios.ts';

// These specs assert wrong behaviour on purpose. They document why the product does not send with the producer that comes
// with the client: with more than one broker it writes twice and loses, and reports success. If one of them fails after an
// upgrade of the client, the client was mended, or the scenario no longer reaches the fault.

// The client asks a random broker for metadata before it tries again. Asked of the one whose answer is held, that request
// waits behind it, and the fault does not show: it is a matter of luck, which is taken out here.
const lastOfAll = 1 - Number.EPSILON;
let luck: jest.SpiedFunction<typeof Math.random>;

beforeAll(() => {
  luck = jest.spyOn(Math, 'random').mockReturnValue(lastOfAll);
});

afterAll(() => {
  luck.mockRestore();
});

const retry = { initialRetryTime: 10, maxRetryTime: 100, retries: 20 };

const shippedProducer: ProducerFactory = (brokers, transactionalId) =>
  new Kafka({ brokers, logLevel: logLevel.NOTHING, retry }).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    retry,
    ...(transactionalId === undefined ? {} : { transactionalId }),
  });

const [ofBroker1 = [], ofBroker2 = [], ofBroker3 = []] = scenarioValues;
const twice = (values: readonly string[]): string[] => [...values, ...values];

describe('the producer of the client writes twice what it has no answer for yet when another broker refuses', () => {
  test('the coordinator refuses one partition', async () => {
    const { committed, logs, failure, reached } = await refusedByCoordinatorWhileAnswerUnderWay(shippedProducer);
    expect({ failure, reached }).toEqual({ failure: undefined, reached: true });
    expect(committed[1]).toEqual(twice(ofBroker2));
    // With new sequence numbers: the broker cannot recognise the batch.
    expect(logs[1]?.map(({ baseSequence }) => baseSequence)).toEqual([0, 2]);
  });

  test.each(['transaction', 'plain'] as const)('a leader refuses its batch (%s)', async (mode) => {
    const { committed, failure, reached } = await refusedByLeaderWhileAnswerUnderWay(shippedProducer, { mode });
    expect({ failure, reached }).toEqual({ failure: undefined, reached: true });
    expect(committed[1]).toEqual(twice(ofBroker2));
  });
});

describe('the producer of the client loses what a broker had not answered when its successor has answered already', () => {
  test.each(['transaction', 'plain'] as const)('the broker stops (%s)', async (mode) => {
    const { committed, logs, failure, reached } = await leaderStopsBeforeItsAnswer(shippedProducer, { mode });
    expect({ failure, reached }).toEqual({ failure: undefined, reached: true });
    expect(committed).toEqual([ofBroker1, ofBroker2, []]);
    expect(logs[2]).toEqual([]);
    expect(ofBroker3).not.toEqual([]);
  });

  test.each(['transaction', 'plain'] as const)('the broker is no longer the leader (%s)', async (mode) => {
    const { committed, failure, reached } = await leaderMovesBeforeItsAnswer(shippedProducer, { mode });
    expect({ failure, reached }).toEqual({ failure: undefined, reached: true });
    expect(committed).toEqual([ofBroker1, ofBroker2, []]);
  });
});
