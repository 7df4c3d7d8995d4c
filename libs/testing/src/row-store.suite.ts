import fc from 'fast-check';
import { requestIdOf, type Request } from '@paceline/contracts';
import type { RowStore, StoredRow, Waiting } from '@paceline/domain/pacing';

const noon = 1_790_000_000_000_000;

const request: Request = {
  requestId: requestIdOf('batch', 1),
  batchId: 'batch',
  account: 'demo',
  api: 'messages',
  lane: 'messages:0123456789ab',
  row: 1,
  line: 2,
  cost: 3,
  priority: -2,
  notBefore: noon,
  expiresAt: noon + 1,
  timeZone: 'America/New_York',
  externalId: 'order 77',
  contact: 'c'.repeat(32),
  sender: 'd'.repeat(32),
  parent: 'e'.repeat(32),
  personal: { to: '+15005550006', params: [{ name: 'Body', value: 'Grüße, 北京 😀' }] },
};

/** Nothing in it is null or a default: a store that forgets a field is found out. */
const fullItem: Waiting = {
  offset: 7,
  request,
  attempt: 3,
  backoff: { throttles: 2, since: noon - 5 },
  notBefore: noon + 123_456,
  since: noon - 123_456,
  causationId: 'f'.repeat(32),
  returned: 2 ** 40,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

const emptyItem: Waiting = {
  ...fullItem,
  request: { ...request, notBefore: null, expiresAt: null, timeZone: null, externalId: null, parent: null, sender: '' },
  backoff: { throttles: 0, since: null },
  notBefore: 0,
  returned: null,
  traceparent: null,
};

interface Place {
  readonly queue?: number;
  readonly major?: number;
  readonly minor?: number;
}

const rowAt = (offset: number, { queue = 1, major = 0, minor = offset }: Place = {}): StoredRow => ({
  queue,
  order: { major, minor },
  item: { ...emptyItem, offset },
});

const offsets = (rows: readonly StoredRow[]): number[] => rows.map(({ item }) => item.offset);

/** What every store of waiting rows must do; `open` gives an empty one. */
export function rowStoreSuite(name: string, open: () => RowStore): void {
  describe(`${name} as a row store`, () => {
    let store: RowStore;

    beforeEach(() => {
      store = open();
    });
    afterEach(() => {
      store.close();
    });

    it('gives back exactly what it was given', () => {
      const rows = [fullItem, { ...emptyItem, offset: 8 }].map((item, at) => ({ queue: 5, order: { major: at, minor: 0 }, item }));
      for (const row of rows) store.put(row);
      expect(store.take(5, 2)).toEqual(rows);
    });

    it('gives the rows of a queue in their order, by major, then by minor', () => {
      const places: [major: number, minor: number][] = [
        [2, 1],
        [1, 9],
        [1, 3],
        [-4, 7],
      ];
      places.forEach(([major, minor], offset) => {
        store.put(rowAt(offset, { major, minor }));
      });
      expect(offsets(store.take(1, 10))).toEqual([3, 2, 1, 0]);
    });

    it('keeps microseconds of this century and fractions apart', () => {
      [noon + 1, noon, 0.75, 0.5, 2 ** 53 - 1, 2 ** 31].forEach((major, offset) => {
        store.put(rowAt(offset, { major }));
      });
      const taken = store.take(1, 10);
      expect(taken.map(({ order }) => order.major)).toEqual([0.5, 0.75, 2 ** 31, noon, noon + 1, 2 ** 53 - 1]);
    });

    it('gives no more than asked for, nothing twice, and nothing of another queue', () => {
      for (const offset of [1, 2, 3]) store.put(rowAt(offset));
      store.put(rowAt(4, { queue: 2 }));
      expect(offsets(store.take(1, 2))).toEqual([1, 2]);
      expect(offsets(store.take(1, 2))).toEqual([3]);
      expect(store.take(1, 2)).toEqual([]);
      expect(store.take(3, 2)).toEqual([]);
      expect(store.size).toBe(1);
    });

    it('takes nothing when nothing is asked for', () => {
      store.put(rowAt(1));
      expect(store.take(1, 0)).toEqual([]);
      expect(store.takeBelow(9, 0)).toEqual([]);
      expect(store.size).toBe(1);
    });

    it('takes the lowest offsets below a mark, whatever their queue and place', () => {
      [9, 4, 6, 2, 8].forEach((offset) => {
        store.put(rowAt(offset, { queue: offset % 3, major: -offset }));
      });
      expect(offsets(store.takeBelow(8, 2))).toEqual([2, 4]);
      expect(offsets(store.takeBelow(8, 9))).toEqual([6]);
      expect(store.takeBelow(8, 9)).toEqual([]);
      expect(store.size).toBe(2);
    });

    it('takes a row again that was put back', () => {
      store.put(rowAt(1));
      for (const row of store.take(1, 1)) store.put(row);
      expect(offsets(store.take(1, 1))).toEqual([1]);
    });

    it('agrees with a sorted list, whatever is asked of it', () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
          const [real, model] = [open(), new SortedList()];
          steps.forEach((given, offset) => {
            expect(offsets(given(real, offset))).toEqual(offsets(given(model, offset)));
            expect(real.size).toBe(model.size);
          });
          real.close();
        }),
        { numRuns: 60 },
      );
    });
  });
}

/** One thing asked of a store; what it takes out is the answer. */
type Step = (store: RowStore, offset: number) => readonly StoredRow[];

const queueNumber = fc.integer({ min: 1, max: 3 });
const mostRows = fc.integer({ min: 0, max: 6 });
const major = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: noon, max: noon + 3 }), fc.constantFrom(0.25, 1.5));

const put = fc.record({ queue: queueNumber, major }).map((place): Step => (store, offset) => {
  store.put(rowAt(offset, place));
  return [];
});
const take = fc.tuple(queueNumber, mostRows).map(
  ([queue, most]): Step =>
    (store) =>
      store.take(queue, most),
);
const takeBelow = fc.tuple(fc.integer({ min: 0, max: 120 }), mostRows).map(
  ([offset, most]): Step =>
    (store) =>
      store.takeBelow(offset, most),
);
const step = fc.oneof({ weight: 5, arbitrary: put }, { weight: 2, arbitrary: take }, { weight: 1, arbitrary: takeBelow });

class SortedList implements RowStore {
  #rows: StoredRow[] = [];

  get size(): number {
    return this.#rows.length;
  }

  put(row: StoredRow): void {
    this.#rows.push(row);
  }

  take(queue: number, most: number): readonly StoredRow[] {
    const rows = this.#rows.filter((row) => row.queue === queue);
    return this.#out(rows.sort((a, b) => a.order.major - b.order.major || a.order.minor - b.order.minor).slice(0, most));
  }

  takeBelow(offset: number, most: number): readonly StoredRow[] {
    const rows = this.#rows.filter(({ item }) => item.offset < offset);
    return this.#out(rows.sort((a, b) => a.item.offset - b.item.offset).slice(0, most));
  }

  close(): void {
    this.#rows = [];
  }

  #out(taken: readonly StoredRow[]): readonly StoredRow[] {
    this.#rows = this.#rows.filter((row) => !taken.includes(row));
    return taken;
  }
}
