import fc from 'fast-check';
import type { TopicMessages } from 'kafkajs';
import { partitionOfKey } from '../key-partition.ts';
import { batchesOf, placeOf, SequenceNumbers } from './batches.ts';

const twelve = (): number => 12;

/** Topic/partition, first number and values of each batch. */
const split = (send: readonly TopicMessages[], sequence = new SequenceNumbers()): unknown[] =>
  batchesOf(send, twelve, sequence).map((batch) => [placeOf(batch), batch.firstSequence, batch.messages.map(({ value }) => value)]);

describe('batches of a send', () => {
  it('put a message into the partition that it names, whatever its key', () => {
    expect(split([{ topic: 'a', messages: [{ partition: 7, key: 'foobar', value: 'v' }] }])).toEqual([['a/7', 0, ['v']]]);
  });

  it('put a message that names none where its key belongs among the partitions of its topic', () => {
    const counts = new Map([
      ['a', 12],
      ['b', 5],
    ]);
    const send = ['a', 'b'].map((topic) => ({ topic, messages: [{ key: 'foobar', value: 'v' }] }));
    const places = batchesOf(send, (topic) => counts.get(topic) ?? 0, new SequenceNumbers()).map(placeOf);
    expect(places).toEqual([`a/${partitionOfKey('foobar', 12)}`, `b/${partitionOfKey('foobar', 5)}`]);
  });

  it.each([undefined, null])('refuse a message with neither key (%s) nor partition, and give no number to those before it', (key) => {
    const sequence = new SequenceNumbers();
    const whole = [{ partition: 0, value: 'x' }, key === undefined ? { value: 'y' } : { key, value: 'y' }];
    expect(() => split([{ topic: 'a', messages: whole }], sequence)).toThrow('a: a message needs a key or a partition');
    expect(split([{ topic: 'a', messages: [{ partition: 0, value: 'z' }] }], sequence)).toEqual([['a/0', 0, ['z']]]);
  });

  it('are one a partition, with its messages in the order of the send, over topics that are named twice too', () => {
    const send = [
      { topic: 'a', messages: ['1', '2', '3'].map((value) => ({ partition: Number(value) % 2, value })) },
      { topic: 'b', messages: [{ partition: 1, value: '4' }] },
      { topic: 'a', messages: [{ partition: 1, value: '5' }] },
    ];
    expect(split(send)).toEqual([
      ['a/1', 0, ['1', '3', '5']],
      ['a/0', 0, ['2']],
      ['b/1', 0, ['4']],
    ]);
  });

  it('of no message are none', () => {
    expect(split([{ topic: 'a', messages: [] }])).toEqual([]);
  });

  it('keep their numbers, whatever is numbered afterwards', () => {
    const sequence = new SequenceNumbers();
    const send = [{ topic: 'a', messages: [{ partition: 0, value: 'v' }] }];
    const [first] = batchesOf(send, twelve, sequence);
    batchesOf(send, twelve, sequence);
    expect(first?.firstSequence).toBe(0);
  });
});

describe('sequence numbers', () => {
  it('are one a message and count each place for itself', () => {
    const sequence = new SequenceNumbers();
    const taken = [sequence.take('a/0', 3), sequence.take('a/1', 1), sequence.take('a/0', 2), sequence.take('a/0', 1)];
    expect(taken).toEqual([0, 0, 3, 5]);
  });

  it('begin at 0 again after 2^31 - 1, inside a batch too', () => {
    const sequence = new SequenceNumbers();
    expect([2 ** 31 - 1, 1, 1].map((count) => sequence.take('exact', count))).toEqual([0, 2 ** 31 - 1, 0]);
    expect([2 ** 31 - 2, 5, 1].map((count) => sequence.take('across', count))).toEqual([0, 2 ** 31 - 2, 3]);
  });

  it('of a place have no gap and no number twice over many sends', () => {
    const message = fc.record({ topic: fc.constantFrom('a', 'b'), partition: fc.nat({ max: 3 }) });
    fc.assert(
      fc.property(fc.array(fc.array(message, { maxLength: 8 }), { maxLength: 20 }), (sends) => {
        const sequence = new SequenceNumbers();
        const numbers = new Map<string, number[]>();
        for (const send of sends) {
          const topicMessages = send.map(({ topic, partition }) => ({ topic, messages: [{ partition, value: null }] }));
          for (const batch of batchesOf(topicMessages, twelve, sequence)) {
            const known = numbers.get(placeOf(batch)) ?? [];
            numbers.set(placeOf(batch), [...known, ...batch.messages.map((_, at) => batch.firstSequence + at)]);
          }
        }
        for (const given of numbers.values()) expect(given).toEqual(given.map((_, at) => at));
        expect([...numbers.values()].flat()).toHaveLength(sends.flat().length);
      }),
    );
  });
});
