import { BatchFold } from '@paceline/domain/reporting';
import fc from 'fast-check';
import { cancel } from './cancel.suite.ts';
import { checkChains, ends, ResendBench } from './resend-bench.suite.ts';

type Step =
  | { readonly do: 'ask'; readonly outcomes: readonly ('rejected' | 'expired' | 'cancelled')[] }
  | { readonly do: 'again' }
  | { readonly do: 'deliver'; readonly loseAfter: number; readonly closing: number }
  | { readonly do: 'close'; readonly pick: number; readonly end: keyof typeof ends }
  | { readonly do: 'cancel' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      outcomes: fc.subarray(['rejected', 'expired', 'cancelled'] as const, { minLength: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver' as const), loseAfter: fc.nat(6), closing: fc.nat(20) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('close' as const),
      pick: fc.nat(50),
      end: fc.constantFrom<keyof typeof ends>(
        'rejected',
        'rejected',
        'rejected',
        'expired',
        'expired',
        'accepted',
        'unknown',
        'redirected',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const) }) },
);

/** Requests without an end, in the order of their admission. */
function openRequests(of: ResendBench): { batchId: string; row: number }[] {
  const open = new Map<string, { batchId: string; row: number }>();
  for (const { event } of of.log) {
    if (event.type === 'RequestAdmitted') open.set(event.data.request.requestId, event.data.request);
    if (event.type === 'RequestClosed') open.delete(event.data.requestId);
  }
  return [...open.values()];
}

function closeOne(of: ResendBench, pick: number, end: keyof typeof ends): void {
  const open = openRequests(of);
  const one = open[pick % Math.max(1, open.length)];
  if (one !== undefined) of.close(one.batchId, one.row, ends[end]);
}

async function take(of: ResendBench, one: Step): Promise<void> {
  switch (one.do) {
    case 'ask':
      return of.ask({ outcomes: one.outcomes });
    case 'again':
      return of.again();
    case 'close':
      return closeOne(of, one.pick, one.end);
    case 'cancel':
      return void cancel(of.controls, of.resends.at(-1) ?? '');
    case 'deliver':
      await of.deliver({ loseAfter: one.loseAfter, afterCommit: () => closeOne(of, one.closing, 'rejected') });
  }
}

test('in every interleaving of commands, kills and ends a row has at most one open request, and a new one only after proof', async () => {
  let resent = 0;
  let kills = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const one = new ResendBench();
      for (const each of steps) {
        const before = one.memory.offset;
        await take(one, each);
        if (each.do === 'deliver' && one.memory.offset === before) kills += 1;
      }
      expect(await one.deliver()).toBe(true);
      checkChains(one.log);
      const fold = new BatchFold();
      for (const { event } of one.log) fold.apply(event);
      expect(one.resends.map((batchId) => fold.get(batchId)).filter((found) => found?.balanced !== true)).toEqual([]);
      const planned = one.resends.map((batchId) => fold.get(batchId)?.rows);
      const rows = one.resends.map((batchId) => one.memory.of('ResendPlanned').find((found) => found.batchId === batchId));
      expect(planned).toEqual(rows.map((found) => found?.ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0)));
      resent += one.resent.length;
    }),
    { numRuns: 150 },
  );
  expect(resent).toBeGreaterThan(250);
  expect(kills).toBeGreaterThan(50);
});
