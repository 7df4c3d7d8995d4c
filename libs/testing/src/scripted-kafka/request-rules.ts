import { type ApiName } from './api.ts';
import { type Asked, coordination, eachPartition, leadership, type RequestRule } from './asked.ts';
import { consumerRules } from './consumer-rules.ts';
import { kafkaError } from './error-codes.ts';
import {
  type Answer,
  answerOf,
  emptyAnswer,
  partitionAnswer,
  type PartitionAnswer,
  type PartitionRequest,
  type TopicPartition,
} from './protocol.ts';

function append(asked: Asked, at: PartitionRequest): PartitionAnswer {
  const { state, body } = asked;
  const wrongBroker = leadership(asked, at);
  if (wrongBroker !== kafkaError.none) return partitionAnswer(at, wrongBroker);
  const { batch } = at;
  if (batch === undefined) return partitionAnswer(at, kafkaError.unsupportedCompressionType);
  const log = state.logOf(at.topic, at.partition);
  if (batch.transactional && !log.hasOpenTransaction(batch)) {
    const refused = state.transactions.mayAppend({ ...body, producerId: batch.producerId, producerEpoch: batch.producerEpoch }, at);
    if (refused !== kafkaError.none) return partitionAnswer(at, refused);
  }
  const { errorCode, offset } = log.append(batch);
  return partitionAnswer(at, errorCode, offset);
}

function listedOffset(asked: Asked, at: PartitionRequest): PartitionAnswer {
  const wrongBroker = leadership(asked, at);
  if (wrongBroker !== kafkaError.none) return partitionAnswer(at, wrongBroker);
  const log = asked.state.logOf(at.topic, at.partition);
  const end = asked.body.readCommitted ? log.lastStableOffset : log.end;
  return partitionAnswer(at, kafkaError.none, at.timestamp === -2 ? 0 : end);
}

const addPartitions: RequestRule = (asked) => {
  const { state, body } = asked;
  const wrongBroker = coordination(asked, 'transaction', body.transactionalId);
  if (wrongBroker !== kafkaError.none) return eachPartition(wrongBroker, body);
  const unknown = body.partitions.filter((one) => state.partition(one) === undefined);
  if (unknown.length === 0) return eachPartition(state.transactions.addPartitions(body, body.partitions), body);
  const { unknownTopicOrPartition, operationNotAttempted } = kafkaError;
  const errorOf = (one: PartitionRequest): number => (unknown.includes(one) ? unknownTopicOrPartition : operationNotAttempted);
  return { ...emptyAnswer, partitions: body.partitions.map((one) => partitionAnswer(one, errorOf(one))) };
};

const commitOffsets: RequestRule = (asked) => {
  const { state, body } = asked;
  const groupId = body.groupId ?? '';
  const wrongBroker = coordination(asked, 'group', groupId);
  if (wrongBroker !== kafkaError.none) return eachPartition(wrongBroker, body);
  const refused = state.transactions.mayCommitOffsets(body, groupId);
  if (refused === kafkaError.none) state.offsets.addPending(groupId, body.producerId, body.partitions);
  return eachPartition(refused, body);
};

const fetchOffsets: RequestRule = (asked) => {
  const { state, body } = asked;
  const groupId = body.groupId ?? '';
  const wrongBroker = coordination(asked, 'group', groupId);
  if (wrongBroker !== kafkaError.none) return { ...eachPartition(wrongBroker, body), errorCode: wrongBroker };
  const all = (): TopicPartition[] =>
    Object.keys(state.offsets.of(groupId)).map((key) => {
      const [topic = '', partition] = key.split('/');
      return { topic, partition: Number(partition) };
    });
  const wanted = body.allPartitions ? all() : body.partitions;
  return { ...emptyAnswer, partitions: wanted.map((one) => partitionAnswer(one, kafkaError.none, state.offsets.offsetOf(groupId, one))) };
};

const findCoordinator: RequestRule = ({ state, body }) => {
  const id = (body.coordinatorType === 'group' ? body.groupId : body.transactionalId) ?? '';
  const coordinator = state.addressOf(state.coordinatorOf(body.coordinatorType, id));
  return coordinator === null ? answerOf(kafkaError.coordinatorNotAvailable) : { ...emptyAnswer, coordinator };
};

/** For requests to the transaction coordinator that are answered by one code. */
const byCoordinator =
  (rule: (asked: Asked) => Partial<Answer>): RequestRule =>
  (asked) => {
    const wrongBroker = coordination(asked, 'transaction', asked.body.transactionalId);
    return wrongBroker === kafkaError.none ? { ...emptyAnswer, ...rule(asked) } : answerOf(wrongBroker);
  };

const rules: Readonly<Record<ApiName, RequestRule>> = {
  ...consumerRules,
  ApiVersions: () => emptyAnswer,
  Metadata: ({ state, body }) => ({ ...emptyAnswer, metadata: state.metadata(body.topics) }),
  FindCoordinator: findCoordinator,
  Produce: (asked) => ({ ...emptyAnswer, partitions: asked.body.partitions.map((one) => append(asked, one)) }),
  ListOffsets: (asked) => ({ ...emptyAnswer, partitions: asked.body.partitions.map((one) => listedOffset(asked, one)) }),
  OffsetFetch: fetchOffsets,
  InitProducerId: byCoordinator(({ state, body }) => state.transactions.initProducerId(body.transactionalId, body)),
  AddPartitionsToTxn: addPartitions,
  AddOffsetsToTxn: byCoordinator(({ state, body }) => ({ errorCode: state.transactions.addGroup(body, body.groupId ?? '') })),
  EndTxn: byCoordinator(({ state, body }) => ({ errorCode: state.transactions.end(body, body.commit) })),
  TxnOffsetCommit: commitOffsets,
};

/** Does what the request asks, by the rules of Kafka, and says what the broker answers. */
export function applyRequest(api: ApiName, asked: Asked): Answer {
  return rules[api](asked);
}

/** The answer that refuses the request, or these partitions of it, without doing anything. */
export function refusalOf(api: ApiName, asked: Asked, errorCode: number): Answer {
  if (api === 'Metadata') {
    const metadata = asked.state.metadata(asked.body.topics);
    return { ...emptyAnswer, metadata: { ...metadata, topics: metadata.topics.map((topic) => ({ ...topic, errorCode })) } };
  }
  return { ...eachPartition(errorCode, asked.body), errorCode };
}
