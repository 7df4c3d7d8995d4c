import { kafkaError } from './error-codes.ts';
import { PartitionLog } from './partition-log.ts';
import { type RecordBatch } from './record-batch.ts';

const { none, outOfOrderSequenceNumber, invalidProducerEpoch } = kafkaError;

const batch = (baseSequence: number, values: string, epoch = 0): RecordBatch => ({
  producerId: 7,
  producerEpoch: epoch,
  baseSequence,
  transactional: false,
  records: [...values].map((value) => ({ key: null, value, headers: {} })),
});

interface Case {
  readonly rule: string;
  /** Base sequence, values, epoch. */
  readonly batches: readonly (readonly [number, string, number?])[];
  /** The answer to the last batch: an offset, or the code of the error. */
  readonly offset?: number;
  readonly error?: number;
  /** What the log holds then. */
  readonly log: string;
}

const single = (...sequences: number[]): Case['batches'] => sequences.map((sequence) => [sequence, 'x']);
const [gap, fenced] = [outOfOrderSequenceNumber, invalidProducerEpoch];

const cases: readonly Case[] = [
  { rule: 'an unknown producer may begin anywhere', batches: [[40, 'ab']], offset: 0, log: 'ab' },
  {
    rule: 'the next sequence is appended',
    batches: [
      [0, 'ab'],
      [2, 'c'],
    ],
    offset: 2,
    log: 'abc',
  },
  {
    rule: 'a batch that comes again is answered with its offset',
    batches: [
      [0, 'ab'],
      [2, 'c'],
      [0, 'ab'],
    ],
    offset: 0,
    log: 'abc',
  },
  {
    rule: 'a gap is refused',
    batches: [
      [0, 'ab'],
      [3, 'c'],
    ],
    error: gap,
    log: 'ab',
  },
  {
    rule: 'the same first sequence with another length is refused',
    batches: [
      [0, 'ab'],
      [0, 'abc'],
    ],
    error: gap,
    log: 'ab',
  },
  { rule: 'five batches are remembered', batches: single(0, 1, 2, 3, 4, 0), offset: 0, log: 'xxxxx' },
  { rule: 'a sixth is not', batches: single(0, 1, 2, 3, 4, 5, 0), error: gap, log: 'xxxxxx' },
  {
    rule: 'an older epoch is refused',
    batches: [
      [0, 'a', 1],
      [1, 'b', 0],
    ],
    error: fenced,
    log: 'a',
  },
  {
    rule: 'a new epoch begins at 0',
    batches: [
      [0, 'a'],
      [0, 'b', 1],
    ],
    offset: 1,
    log: 'ab',
  },
  {
    rule: 'a new epoch does not continue the old sequence',
    batches: [
      [0, 'a'],
      [1, 'b', 1],
    ],
    error: gap,
    log: 'a',
  },
  {
    rule: 'after 2^31 - 1 comes 0',
    batches: [
      [2 ** 31 - 2, 'ab'],
      [0, 'c'],
    ],
    offset: 2,
    log: 'abc',
  },
];

test.each(cases)('$rule', ({ batches, offset = -1, error = none, log: values }) => {
  const log = new PartitionLog();
  const results = batches.map(([sequence, content, epoch]) => log.append(batch(sequence, content, epoch)));
  expect(results.at(-1)).toEqual({ errorCode: error, offset });
  expect(log.committedValues.join('')).toBe(values);
});

test('a forgotten producer may go on with any sequence', () => {
  const log = new PartitionLog();
  log.append(batch(0, 'a'));
  log.forgetProducer(7);
  expect(log.append(batch(9, 'b'))).toEqual({ errorCode: none, offset: 1 });
});

describe('transactions in the log', () => {
  const open = (baseSequence: number, values: string): RecordBatch => ({ ...batch(baseSequence, values), transactional: true });
  const producer = { producerId: 7, producerEpoch: 0 };

  test('what follows an open transaction is not stable', () => {
    const log = new PartitionLog();
    log.append({ ...batch(0, 'a'), producerId: -1 });
    log.append(open(0, 'b'));
    log.append({ ...batch(0, 'c'), producerId: -1 });
    expect([log.committedValues, log.lastStableOffset, log.end]).toEqual([['a'], 1, 3]);
    log.endTransaction(producer, true);
    expect([log.committedValues, log.lastStableOffset, log.end]).toEqual([['a', 'b', 'c'], 4, 4]);
  });

  test('an aborted batch stays in the log, is not committed, and its sequence counts', () => {
    const log = new PartitionLog();
    log.append(open(0, 'ab'));
    log.endTransaction(producer, false);
    expect(log.append(open(2, 'c')).errorCode).toBe(none);
    log.endTransaction(producer, true);
    expect(log.committedValues).toEqual(['c']);
    expect(log.batches.map(({ outcome }) => outcome)).toEqual(['aborted', 'committed']);
  });

  test('a marker of a newer epoch fences the producer', () => {
    const log = new PartitionLog();
    log.append(open(0, 'a'));
    log.endTransaction({ ...producer, producerEpoch: 1 }, false);
    expect(log.append(open(1, 'b')).errorCode).toBe(invalidProducerEpoch);
    expect(log.append(batch(1, 'b', 1)).errorCode).toBe(outOfOrderSequenceNumber);
    expect(log.append(batch(0, 'b', 1)).errorCode).toBe(none);
  });
});
