import type { PoisonRecord } from './records.ts';
import { deadLetterOf } from './dead-letters.ts';

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
