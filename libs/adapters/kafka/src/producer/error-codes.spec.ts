import { coordinatorVerdict, KafkaRefusal, kafkaErrors, listOffsetsVerdict, nameOfCode, produceVerdict } from './error-codes.ts';

/** Every code that Kafka's brokers may answer to one of the requests below; numbers and names are those of Kafka's protocol. */
const codes = {
  UNKNOWN_SERVER_ERROR: -1,
  NONE: 0,
  OFFSET_OUT_OF_RANGE: 1,
  CORRUPT_MESSAGE: 2,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  LEADER_NOT_AVAILABLE: 5,
  NOT_LEADER_OR_FOLLOWER: 6,
  REQUEST_TIMED_OUT: 7,
  BROKER_NOT_AVAILABLE: 8,
  REPLICA_NOT_AVAILABLE: 9,
  MESSAGE_TOO_LARGE: 10,
  OFFSET_METADATA_TOO_LARGE: 12,
  NETWORK_EXCEPTION: 13,
  COORDINATOR_LOAD_IN_PROGRESS: 14,
  COORDINATOR_NOT_AVAILABLE: 15,
  NOT_COORDINATOR: 16,
  INVALID_TOPIC_EXCEPTION: 17,
  RECORD_LIST_TOO_LARGE: 18,
  NOT_ENOUGH_REPLICAS: 19,
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 20,
  INVALID_REQUIRED_ACKS: 21,
  ILLEGAL_GENERATION: 22,
  INVALID_GROUP_ID: 24,
  UNKNOWN_MEMBER_ID: 25,
  INVALID_COMMIT_OFFSET_SIZE: 28,
  TOPIC_AUTHORIZATION_FAILED: 29,
  GROUP_AUTHORIZATION_FAILED: 30,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  INVALID_TIMESTAMP: 32,
  UNSUPPORTED_VERSION: 35,
  INVALID_REQUEST: 42,
  UNSUPPORTED_FOR_MESSAGE_FORMAT: 43,
  POLICY_VIOLATION: 44,
  OUT_OF_ORDER_SEQUENCE_NUMBER: 45,
  DUPLICATE_SEQUENCE_NUMBER: 46,
  INVALID_PRODUCER_EPOCH: 47,
  INVALID_TXN_STATE: 48,
  INVALID_PRODUCER_ID_MAPPING: 49,
  INVALID_TRANSACTION_TIMEOUT: 50,
  CONCURRENT_TRANSACTIONS: 51,
  TRANSACTION_COORDINATOR_FENCED: 52,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 53,
  OPERATION_NOT_ATTEMPTED: 55,
  KAFKA_STORAGE_ERROR: 56,
  SASL_AUTHENTICATION_FAILED: 58,
  UNKNOWN_PRODUCER_ID: 59,
  FENCED_LEADER_EPOCH: 74,
  UNKNOWN_LEADER_EPOCH: 75,
  UNSUPPORTED_COMPRESSION_TYPE: 76,
  OFFSET_NOT_AVAILABLE: 78,
  FENCED_INSTANCE_ID: 82,
  INVALID_RECORD: 87,
  UNSTABLE_OFFSET_COMMIT: 88,
  THROTTLING_QUOTA_EXCEEDED: 89,
  PRODUCER_FENCED: 90,
  TRANSACTION_ABORTABLE: 120,
} as const;
type Code = keyof typeof codes;
const all = Object.keys(codes) as Code[];

/** What is not in the table is refused. */
const produce: Partial<Record<Code, string>> = {
  NONE: 'done',
  CORRUPT_MESSAGE: 'again',
  UNKNOWN_TOPIC_OR_PARTITION: 'again',
  LEADER_NOT_AVAILABLE: 'again',
  NOT_LEADER_OR_FOLLOWER: 'again',
  REQUEST_TIMED_OUT: 'again',
  BROKER_NOT_AVAILABLE: 'again',
  REPLICA_NOT_AVAILABLE: 'again',
  NETWORK_EXCEPTION: 'again',
  COORDINATOR_LOAD_IN_PROGRESS: 'again',
  COORDINATOR_NOT_AVAILABLE: 'again',
  NOT_COORDINATOR: 'again',
  NOT_ENOUGH_REPLICAS: 'again',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'again',
  CONCURRENT_TRANSACTIONS: 'again',
  KAFKA_STORAGE_ERROR: 'again',
  FENCED_LEADER_EPOCH: 'again',
  UNKNOWN_LEADER_EPOCH: 'again',
  THROTTLING_QUOTA_EXCEEDED: 'again',
};

const coordinator: Partial<Record<Code, string>> = {
  NONE: 'done',
  UNKNOWN_TOPIC_OR_PARTITION: 'again',
  REQUEST_TIMED_OUT: 'again',
  COORDINATOR_LOAD_IN_PROGRESS: 'again',
  CONCURRENT_TRANSACTIONS: 'again',
  OPERATION_NOT_ATTEMPTED: 'again',
  UNSTABLE_OFFSET_COMMIT: 'again',
  THROTTLING_QUOTA_EXCEEDED: 'again',
  BROKER_NOT_AVAILABLE: 'moved',
  NETWORK_EXCEPTION: 'moved',
  COORDINATOR_NOT_AVAILABLE: 'moved',
  NOT_COORDINATOR: 'moved',
};

const listOffsets: Partial<Record<Code, string>> = {
  NONE: 'done',
  UNKNOWN_TOPIC_OR_PARTITION: 'again',
  LEADER_NOT_AVAILABLE: 'again',
  NOT_LEADER_OR_FOLLOWER: 'again',
  REQUEST_TIMED_OUT: 'again',
  BROKER_NOT_AVAILABLE: 'again',
  REPLICA_NOT_AVAILABLE: 'again',
  NETWORK_EXCEPTION: 'again',
  KAFKA_STORAGE_ERROR: 'again',
  FENCED_LEADER_EPOCH: 'again',
  UNKNOWN_LEADER_EPOCH: 'again',
  OFFSET_NOT_AVAILABLE: 'again',
};

describe('what an answer means', () => {
  test.each([
    ['Produce', produce, produceVerdict],
    ['a coordinator', coordinator, (code: number) => coordinatorVerdict([code]).verdict],
    ['ListOffsets', listOffsets, listOffsetsVerdict],
  ] as const)('%s: by the table, everything else is refused', (_, table, verdict) => {
    const expected = Object.fromEntries(all.map((name) => [name, table[name] ?? 'refused']));
    expect(Object.fromEntries(all.map((name) => [name, verdict(codes[name])]))).toEqual(expected);
  });

  test.each([4, 11, 57, 99, 121, 1_000, -2])('code %d, which the producer does not know, is refused', (code) => {
    expect([produceVerdict(code), listOffsetsVerdict(code), coordinatorVerdict([code]).verdict]).toEqual(Array(3).fill('refused'));
  });

  test('the names that the producer uses have the numbers of the protocol', () => {
    const protocolName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    const named = Object.fromEntries(Object.entries(kafkaErrors).map(([name, code]) => [protocolName(name), code]));
    expect(codes).toMatchObject(named);
  });
});

describe('the codes of one answer together', () => {
  const { none, concurrentTransactions: busy, notCoordinator: gone, invalidProducerEpoch, invalidTxnState } = kafkaErrors;

  test.each([
    { rule: 'no code at all', codes: [], verdict: 'done', code: none },
    { rule: 'none only', codes: [none, none], verdict: 'done', code: none },
    { rule: 'one partition is not ready', codes: [none, busy], verdict: 'again', code: busy },
    { rule: 'one partition says that another broker coordinates', codes: [busy, gone], verdict: 'moved', code: gone },
    { rule: 'one partition is refused', codes: [gone, busy, invalidProducerEpoch], verdict: 'refused', code: invalidProducerEpoch },
    { rule: 'two are refused: the first one counts', codes: [none, invalidTxnState, 47], verdict: 'refused', code: invalidTxnState },
  ])('$rule', ({ codes: given, verdict, code }) => {
    expect(coordinatorVerdict(given)).toEqual({ verdict, code });
  });
});

describe('texts', () => {
  test('a known code has its name, another one its number', () => {
    expect([nameOfCode(51), nameOfCode(1_000)]).toEqual(['concurrentTransactions (51)', 'code 1000']);
  });

  test('a refusal says what was refused and why', () => {
    const refusal = new KafkaRefusal(47, 'EndTxn');
    expect([refusal.name, refusal.code, refusal.message]).toEqual(['KafkaRefusal', 47, 'EndTxn was refused: invalidProducerEpoch (47)']);
  });
});
