import { event, metaOf } from '@paceline/contracts';
import type { OutputRecord, PoisonRecord } from './records.ts';

/** The dead letter of a record that cannot be decoded; commit it in the transaction that moves past the record. */
export function deadLetterOf(record: PoisonRecord, service: string, nowMicros: number): OutputRecord {
  const { topic, partition, offset } = record;
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
      reason: record.reason,
      key: record.rawKey,
      value: record.rawValue,
      headers: { ...record.headers },
    }),
  };
}
