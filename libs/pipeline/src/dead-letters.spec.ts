import { event } from '@paceline/contracts';
import type { PoisonRecord } from './records.ts';
import { deadLetterOf, undecodableOutputs } from './dead-letters.ts';

const poison = (over: Partial<PoisonRecord> = {}): PoisonRecord => ({
  ...{ kind: 'poison', topic: 'paceline.intake', partition: 1, offset: 7, key: 'k', timestampMs: 1, reason: 'undecodable' },
  ...{ headers: { batchId: 'b' }, rawKey: Buffer.from('k'), rawValue: Buffer.from('no event') },
  ...over,
});
const letter = (over: Partial<PoisonRecord> = {}) => {
  const { event } = deadLetterOf(poison(over), 'ingestor', 1);
  if (event.type !== 'DeadLettered') throw new Error(event.type);
  return event.data;
};

describe('a dead letter', () => {
  it('holds the record as it was, and where it stood', () => {
    expect(letter()).toMatchObject({
      ...{ service: 'ingestor', sourceTopic: 'paceline.intake', sourcePartition: 1, sourceOffset: 7, reason: 'undecodable' },
      ...{ key: Buffer.from('k'), value: Buffer.from('no event'), headers: { batchId: 'b' } },
    });
  });

  it('is cut to what a broker takes, and says so', () => {
    const headers = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`h${n}`, 'x'.repeat(10_000)]));
    const { key, value, reason, headers: kept } = letter({ rawKey: Buffer.alloc(200_000), rawValue: Buffer.alloc(1_048_000), headers });
    const bytes = (key?.length ?? 0) + (value?.length ?? 0) + JSON.stringify(kept).length;
    expect(bytes).toBeLessThan(700_000);
    expect(reason).toBe(
      'undecodable (key of 200000 bytes cut, value of 1048000 bytes cut, headers of 1000290 bytes cut: the record itself has all of it)',
    );
  });
});

describe('a record of a row that cannot be decoded', () => {
  const headers = { requestId: 'r1', batchId: 'b1', attempt: '3' };
  const outcomeOf = (record: PoisonRecord) => {
    const [, closed] = undecodableOutputs(record, 'sender', 1);
    return closed?.event.type === 'RequestClosed' ? closed.event.data : null;
  };

  it.each([
    ['paceline.requests', 2, 'demo'],
    ['paceline.slots', 2, ''],
    ['paceline.attempts', 3, ''],
  ] as const)('of %s ends its row with the attempts that were made', (topic, attempts, account) => {
    expect(outcomeOf(poison({ topic, key: 'demo', headers }))).toMatchObject({
      ...{ requestId: 'r1', batchId: 'b1', outcome: 'unknown', reason: 'undecodable', attempts, account },
      evidence: JSON.stringify({ deadLetter: `${topic}-1-7`, reason: 'undecodable' }),
    });
  });

  it.each([{}, { attempt: '' }, { attempt: 'x' }, { attempt: '-1' }, { attempt: '1.5' }])('with %j counts none', (attempt) => {
    const named = { requestId: 'r1', batchId: 'b1', ...attempt };
    expect(outcomeOf(poison({ topic: 'paceline.slots', headers: named }))?.attempts).toBe(0);
  });

  it('has a dead letter alone when its headers name no row', () => {
    expect(undecodableOutputs(poison({ topic: 'paceline.slots', headers: { batchId: 'b1' } }), 'sender', 1)).toHaveLength(1);
  });

  it('may be an event of another topic', () => {
    const found = { ...poison({ topic: 'paceline.slots', headers }), kind: 'event' as const, event: event('RequestCarried', {} as never) };
    const [dead] = undecodableOutputs(found, 'sender', 1);
    expect(dead?.event.data).toMatchObject({ reason: 'RequestCarried does not belong in paceline.slots', value: null });
  });
});
