// Pins the patch of the client: read_committed must not show records of aborted transactions.
import { createRequire } from 'node:module';

type Filter = (input: { messages: object[]; abortedTransactions: { producerId: string; firstOffset: string }[] }) => { offset: string }[];
const filter = createRequire(import.meta.url)('kafkajs/src/consumer/filterAbortedMessages') as Filter;

const record = (offset: number, producerId: string, key = 'k'): object => ({
  offset: String(offset),
  key: Buffer.from(key, 'latin1'),
  isControlRecord: false,
  batchContext: { producerId, inTransaction: true },
});
const marker = (offset: number, producerId: string, type: 'abort' | 'commit'): object => ({
  offset: String(offset),
  key: Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]),
  isControlRecord: true,
  batchContext: { producerId, inTransaction: true },
});
const shown = (messages: object[], abortedTransactions: { producerId: string; firstOffset: string }[]): number[] =>
  filter({ messages, abortedTransactions })
    .filter((message) => !(message as unknown as { isControlRecord: boolean }).isControlRecord)
    .map(({ offset }) => Number(offset));

describe('read_committed', () => {
  it('hides both of two aborted transactions that interleave and end in the other order than they began', () => {
    const messages = [
      record(0, 'A'),
      record(1, 'B'),
      record(2, 'A'),
      marker(3, 'B', 'abort'),
      record(4, 'A'),
      marker(5, 'A', 'abort'),
      record(6, 'B'),
    ];
    const brokerOrder = [
      { producerId: 'B', firstOffset: '1' },
      { producerId: 'A', firstOffset: '0' },
    ];
    expect(shown(messages, brokerOrder)).toEqual([6]);
  });

  it('does not take a record with the key 00 00 00 00 for an abort marker', () => {
    const messages = [record(0, 'A', '\0\0\0\0'), record(1, 'A'), marker(2, 'A', 'abort')];
    expect(shown(messages, [{ producerId: 'A', firstOffset: '0' }])).toEqual([]);
  });

  it('shows what the same producer commits after an abort', () => {
    const messages = [record(0, 'A'), marker(1, 'A', 'abort'), record(2, 'A'), marker(3, 'A', 'commit')];
    expect(shown(messages, [{ producerId: 'A', firstOffset: '0' }])).toEqual([2]);
  });
});
