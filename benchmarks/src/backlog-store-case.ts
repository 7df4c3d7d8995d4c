// The store alone: what a row costs to put and to take when fifty thousand queues have a share of it.
import { RowStoreFolder } from '@paceline/adapter-store';
import { waitingOf } from '@paceline/domain/pacing';
import { admittedAt, batches, lanes } from './backlog-rows.ts';
import { countText, memoryNow, Stopwatch, type BacklogCase } from './backlog-case.ts';
import { atMost, figure, type Bar, type Figure } from './judge/figure.ts';
import { startCpuMeter } from './world/cpu-meter.ts';

const queues = lanes * batches;
const page = 16;
const takes = 20_000;
const distinct = 50_000;

interface StoreBars {
  readonly put: Bar;
  readonly take: Bar | null;
}

function measure(rows: number, folder: string, { put, take }: StoreBars): Figure[] {
  const store = new RowStoreFolder(folder).open();
  const items = Array.from({ length: distinct }, (_, n) => waitingOf(admittedAt(n), { offset: n, traceparent: null }));
  const [putting, taking] = [new Stopwatch(), new Stopwatch()];
  putting.time(() => {
    // 48,271 generates all remainders of 2^31 - 1: queues come in no order that a page could profit from.
    for (let offset = 0, random = 1; offset < rows; offset += 1, random = (random * 48_271) % 0x7fffffff) {
      const item = { ...(items[offset % distinct] as (typeof items)[number]), offset };
      store.put({ queue: random % queues, order: { major: offset, minor: 0 }, item });
    }
  });
  const bytes = store.bytes;
  let taken = 0;
  taking.time(() => {
    for (let n = 0; n < takes; n += 1) taken += store.take((n * 7_919) % queues, page).length;
  });
  const { resident } = memoryNow();
  store.close();
  const of = countText(rows);
  return [
    figure({ metric: `put, ${of} rows`, value: putting.per(rows), unit: 'µs of processor per row' }, put),
    figure({ metric: `take in pages of ${page}, ${of} rows`, value: taking.per(taken), unit: 'µs of processor per row' }, take),
    figure({ metric: `disk, ${of} rows`, value: bytes / 1e6, unit: 'MB' }),
    figure({ metric: `resident memory, ${of} rows`, value: resident, unit: 'MB' }),
  ];
}

export const storeCase: BacklogCase = {
  name: `store alone, ${countText(queues)} queues`,
  run: ({ quick, folder, print }) => {
    const meter = startCpuMeter([]);
    print('store: 1 M rows');
    const figures = measure(1_000_000, folder, { put: atMost(8), take: null });
    if (!quick) {
      print('store: 10 M rows');
      figures.push(...measure(10_000_000, folder, { put: atMost(12), take: atMost(10) }));
    }
    return Promise.resolve({ figures, otherCpu: meter().other });
  },
};
