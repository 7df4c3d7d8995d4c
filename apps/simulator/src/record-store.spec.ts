import { expect, it } from '@jest/globals';
import { RecordStore, type StoredRecord } from './record-store.ts';

const add = (store: RecordStore, to: string): StoredRecord =>
  store.add({
    kind: 'message',
    prefix: 'SM',
    account: 'AC',
    to,
    from: null,
    service: null,
    body: '',
    media: 0,
    segments: '1',
    status: 'queued',
    createdMs: 0,
  });

function walk(store: RecordStore, to?: string): number[] {
  const numbers: number[] = [];
  for (let at = store.newest(to); at !== undefined; at = store.older(at, to)) numbers.push(at.number);
  return numbers;
}

it('walks newest first, over all or over one recipient', () => {
  const store = new RecordStore(10);
  for (const to of ['a', 'b', 'a', 'c', 'a']) add(store, to);
  expect(walk(store)).toEqual([5, 4, 3, 2, 1]);
  expect(walk(store, 'a')).toEqual([5, 3, 1]);
  expect(walk(store, 'z')).toEqual([]);
});

it('keeps no more than its capacity, in both orders and by SID', () => {
  const store = new RecordStore(3);
  const first = add(store, 'a');
  for (const to of ['a', 'b', 'b', 'b', 'a']) add(store, to);
  expect(walk(store)).toEqual([6, 5, 4]);
  expect(walk(store, 'a')).toEqual([6]);
  expect(walk(store, 'b')).toEqual([5, 4]);
  expect(store.get(first.sid)).toBeUndefined();
});

it('finds a record by its SID and no other', () => {
  const store = new RecordStore(3);
  const record = add(store, 'a');
  expect(store.get(record.sid)).toBe(record);
  expect(store.get(`SM${'0'.repeat(24)}${record.sid.slice(-8)}`)).toBeUndefined();
  expect(store.get('nonsense')).toBeUndefined();
});
