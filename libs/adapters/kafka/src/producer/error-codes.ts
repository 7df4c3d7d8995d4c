/** Codes of Kafka's protocol that the producer decides by; the rest are refusals. */
export const kafkaErrors = {
  none: 0,
  corruptMessage: 2,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeaderOrFollower: 6,
  requestTimedOut: 7,
  brokerNotAvailable: 8,
  replicaNotAvailable: 9,
  networkException: 13,
  coordinatorLoadInProgress: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  notEnoughReplicas: 19,
  notEnoughReplicasAfterAppend: 20,
  outOfOrderSequenceNumber: 45,
  duplicateSequenceNumber: 46,
  invalidProducerEpoch: 47,
  invalidTxnState: 48,
  invalidProducerIdMapping: 49,
  concurrentTransactions: 51,
  operationNotAttempted: 55,
  kafkaStorageError: 56,
  unknownProducerId: 59,
  fencedLeaderEpoch: 74,
  unknownLeaderEpoch: 75,
  offsetNotAvailable: 78,
  unstableOffsetCommit: 88,
  throttlingQuotaExceeded: 89,
  producerFenced: 90,
} as const;

const names = new Map<number, string>(Object.entries(kafkaErrors).map(([name, code]) => [code, name]));

/** A broker said no, and asking again would not change it. */
export class KafkaRefusal extends Error {
  override readonly name = 'KafkaRefusal';

  constructor(
    readonly code: number,
    what: string,
  ) {
    super(`${what} was refused: ${nameOfCode(code)}`);
  }
}

/** For messages: the code and, where it is one that the producer decides by, its name. */
export function nameOfCode(code: number): string {
  const name = names.get(code);
  return name === undefined ? `code ${code}` : `${name} (${code})`;
}

type Verdict = 'done' | 'again' | 'refused';

const produceAgain: ReadonlySet<number> = new Set([
  kafkaErrors.corruptMessage,
  kafkaErrors.unknownTopicOrPartition,
  kafkaErrors.leaderNotAvailable,
  kafkaErrors.notLeaderOrFollower,
  kafkaErrors.requestTimedOut,
  kafkaErrors.brokerNotAvailable,
  kafkaErrors.replicaNotAvailable,
  kafkaErrors.networkException,
  kafkaErrors.coordinatorLoadInProgress,
  kafkaErrors.coordinatorNotAvailable,
  kafkaErrors.notCoordinator,
  kafkaErrors.notEnoughReplicas,
  kafkaErrors.notEnoughReplicasAfterAppend,
  kafkaErrors.concurrentTransactions,
  kafkaErrors.kafkaStorageError,
  kafkaErrors.fencedLeaderEpoch,
  kafkaErrors.unknownLeaderEpoch,
  kafkaErrors.throttlingQuotaExceeded,
]);

/**
 * What one partition's answer to Produce means. "Again" may follow an append whose acknowledgement failed: harmless,
 * because the batch keeps its sequence numbers and the log knows it by them. It remembers the last five batches of a producer
 * and says none for each of them; "duplicate" means an older one, which is never under way: that is no success.
 */
export function produceVerdict(code: number): Verdict {
  if (code === kafkaErrors.none) return 'done';
  return produceAgain.has(code) ? 'again' : 'refused';
}

const offsetsAgain: ReadonlySet<number> = new Set([
  kafkaErrors.unknownTopicOrPartition,
  kafkaErrors.leaderNotAvailable,
  kafkaErrors.notLeaderOrFollower,
  kafkaErrors.requestTimedOut,
  kafkaErrors.brokerNotAvailable,
  kafkaErrors.replicaNotAvailable,
  kafkaErrors.networkException,
  kafkaErrors.kafkaStorageError,
  kafkaErrors.fencedLeaderEpoch,
  kafkaErrors.unknownLeaderEpoch,
  kafkaErrors.offsetNotAvailable,
]);

/** What a code in an answer to ListOffsets means. */
export const listOffsetsVerdict = (code: number): Verdict =>
  code === kafkaErrors.none ? 'done' : offsetsAgain.has(code) ? 'again' : 'refused';

/** Moved = another broker coordinates now, or none: it has to be looked up anew. */
type CoordinatorVerdict = Verdict | 'moved';

const coordinatorAgain: ReadonlySet<number> = new Set([
  kafkaErrors.unknownTopicOrPartition,
  kafkaErrors.requestTimedOut,
  kafkaErrors.coordinatorLoadInProgress,
  kafkaErrors.concurrentTransactions,
  kafkaErrors.operationNotAttempted,
  kafkaErrors.unstableOffsetCommit,
  kafkaErrors.throttlingQuotaExceeded,
]);
const coordinatorMoved: ReadonlySet<number> = new Set([
  kafkaErrors.coordinatorNotAvailable,
  kafkaErrors.notCoordinator,
  kafkaErrors.networkException,
  kafkaErrors.brokerNotAvailable,
]);

/**
 * What the codes in a coordinator's answer mean together. All of its requests may be repeated: they add to a set, state
 * an offset, or end a transaction in the same way once more.
 */
export function coordinatorVerdict(codes: readonly number[]): { readonly verdict: CoordinatorVerdict; readonly code: number } {
  const failed = codes.filter((code) => code !== kafkaErrors.none);
  const refused = failed.find((code) => !coordinatorAgain.has(code) && !coordinatorMoved.has(code));
  if (refused !== undefined) return { verdict: 'refused', code: refused };
  const moved = failed.find((code) => coordinatorMoved.has(code));
  if (moved !== undefined) return { verdict: 'moved', code: moved };
  const [again] = failed;
  return again === undefined ? { verdict: 'done', code: kafkaErrors.none } : { verdict: 'again', code: again };
}
