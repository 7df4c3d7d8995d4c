import type { EventTypes } from '@paceline/contracts';
import { noon } from './hand-time.suite.ts';
import { opened, rows, type PartitionBench } from './partition-bench.suite.ts';

const gaugesOf = (bench: PartitionBench): EventTypes['PacerGauged'][] =>
  bench.written.flatMap(({ event: { type, data } }) => (type === 'PacerGauged' ? [data] : []));

test('while rows wait their number and the age of the oldest are told every ten seconds, and once that none waits', async () => {
  const bench = await opened();
  await bench.append(...rows(1, 2_500));
  await bench.time.advance(60_000);
  const gauges = gaugesOf(bench);
  expect(gauges.map(({ waiting }) => waiting)).toEqual([expect.any(Number), expect.any(Number), 0]);
  expect(gauges[0]?.waiting).toBeGreaterThan(gauges[1]?.waiting ?? 0);
  expect(gauges.map(({ oldestSince }) => oldestSince)).toEqual([noon, noon, null]);
  expect(gauges[0]).toMatchObject({ account: 'demo', partition: 0, meta: { correlationId: 'demo' } });
  expect(bench.time.armed).toBe(0);
});

test('rows that are not due yet and rows of a paused account are told too', async () => {
  const bench = await opened();
  bench.controls.set('account:demo/paused/operator', true);
  await bench.append(...rows(1, 3), ...rows(4, 4, { notBefore: noon + 86_400_000_000 }));
  await bench.time.advance(25_000);
  expect(gaugesOf(bench).map(({ waiting }) => waiting)).toEqual([4, 4]);
});

test('a new owner of an account says once that nothing waits: the one before may have said otherwise', async () => {
  const bench = await opened();
  await bench.append(...rows(1, 5));
  await bench.time.advance(2_000);
  await bench.open();
  await bench.append(...rows(6, 6));
  await bench.time.advance(30_000);
  expect(gaugesOf(bench).map(({ waiting }) => waiting)).toEqual([0]);
});
