import { event, metaOf } from '@paceline/contracts';
import type { OutputRecord, PoisonRecord } from './records.ts';

/** A letter is larger than what it holds, and a broker takes a megabyte: what would not fit is cut, and the letter says so. */
const mostKept = { key: 16_384, value: 524_288, headers: 65_536 };

/** The dead letter of a record that cannot be decoded; commit it in the transaction that moves past the record. */
export function deadLetterOf(record: PoisonRecord, service: string, nowMicros: number): OutputRecord {
  const { topic, partition, offset } = record;
  const cut = cutOf(record);
  const position = `${topic}-${partition}-${offset}`;
  return {
    topic: 'paceline.dead-letters',
    key: position,
    event: event('DeadLettered', {
      meta: metaOf('DeadLettered', { natural: [service, position], at: nowMicros, correlationId: record.headers['batchId'] ?? '' }),
      service,
      sourceTopic: topic,
      sourcePartition: partition,
      sourceOffset: offset,
      reason: cut.length === 0 ? record.reason : `${record.reason} (${cut.join(', ')}: the record itself has all of it)`,
      key: record.rawKey?.subarray(0, mostKept.key) ?? null,
      value: record.rawValue?.subarray(0, mostKept.value) ?? null,
      headers: fittingHeaders(record),
    }),
  };
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
