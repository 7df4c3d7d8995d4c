import { event, metaOf, recordOf, type EventOf, type OutputRecord } from '@paceline/contracts';
import type { InputRecord, PoisonRecord, Position } from './records.ts';

/** A letter is larger than what it holds, and a broker takes a megabyte: what would not fit is cut, and the letter says so. */
const mostKept = { key: 16_384, value: 524_288, headers: 65_536 };

/** The dead letter of a record that cannot be decoded; commit it in the transaction that moves past the record. */
export function deadLetterOf(record: PoisonRecord, service: string, nowMicros: number): OutputRecord {
  const { topic, partition, offset } = record;
  const cut = cutOf(record);
  return recordOf(
    event('DeadLettered', {
      meta: metaOf('DeadLettered', {
        natural: [service, positionOf(record)],
        at: nowMicros,
        correlationId: record.headers['batchId'] ?? '',
      }),
      service,
      sourceTopic: topic,
      sourcePartition: partition,
      sourceOffset: offset,
      reason: cut.length === 0 ? record.reason : `${record.reason} (${cut.join(', ')}: the record itself has all of it)`,
      key: record.rawKey?.subarray(0, mostKept.key) ?? null,
      value: record.rawValue?.subarray(0, mostKept.value) ?? null,
      headers: fittingHeaders(record),
    }),
  );
}

/**
 * What a service writes for a record of a row that it cannot decode: the dead letter and, when the headers name the row,
 * the row's outcome. Without the outcome the row would be lost silently.
 */
export function undecodableOutputs(record: InputRecord, service: string, nowMicros: number): readonly OutputRecord[] {
  const poison = asPoison(record);
  const letter = deadLetterOf(poison, service, nowMicros);
  const closed = undecodableRow(poison, nowMicros);
  return closed === null ? [letter] : [letter, recordOf(closed, poison.headers)];
}

const positionOf = ({ topic, partition, offset }: Position): string => `${topic}-${partition}-${offset}`;

/** An event that has no business in its topic; its bytes stay in the log and the archive. */
function asPoison(record: InputRecord): PoisonRecord {
  if (record.kind === 'poison') return record;
  const { event: decoded, ...rest } = record;
  return { ...rest, kind: 'poison', reason: `${decoded.type} does not belong in ${record.topic}`, rawKey: null, rawValue: null };
}

function undecodableRow(record: PoisonRecord, nowMicros: number): EventOf<'RequestClosed'> | null {
  const { topic, key, headers, reason } = record;
  const { requestId, batchId, attempt } = headers;
  if (requestId === undefined || batchId === undefined) return null;
  // Only a record of the attempts says that this attempt was made.
  const made = topic === 'paceline.attempts' ? Number(attempt) : Number(attempt) - 1;
  return event('RequestClosed', {
    meta: metaOf('RequestClosed', { natural: [requestId], at: nowMicros, correlationId: batchId }),
    ...{ requestId, batchId, row: 0, api: 'unknown', externalId: null },
    account: topic === 'paceline.requests' ? (key ?? '') : '',
    outcome: 'unknown',
    reason: 'undecodable',
    attempts: Number.isInteger(made) && made > 0 ? made : 0,
    ...{ httpStatus: null, code: null, sid: null, calledAt: null, fields: null, ruleVersion: null },
    evidence: JSON.stringify({ deadLetter: positionOf(record), reason }),
  });
}

const headerLength = ([name, value]: readonly [string, string]): number => name.length + value.length;

function fittingHeaders({ headers }: PoisonRecord): Record<string, string> {
  let room = mostKept.headers;
  return Object.fromEntries(Object.entries(headers).filter((header) => (room -= headerLength(header)) >= 0));
}

function cutOf(record: PoisonRecord): readonly string[] {
  const lengths = {
    key: record.rawKey?.length ?? 0,
    value: record.rawValue?.length ?? 0,
    headers: Object.entries(record.headers).reduce((sum, header) => sum + headerLength(header), 0),
  };
  const names = Object.keys(mostKept) as (keyof typeof mostKept)[];
  return names.filter((name) => lengths[name] > mostKept[name]).map((name) => `${name} of ${lengths[name]} bytes cut`);
}
