import type { SuppressionSet } from '@paceline/contracts';
import fc from 'fast-check';
import { suppression } from './sending.suite.ts';
import { SuppressionIndex } from './suppression-index.ts';
import { isOptOut, lifts, standing, suffices } from './suppression-standing.ts';

describe('a lift', () => {
  const lift = suppression({ lifted: true, asOf: 10, origin: '*', channel: '*' });

  it('takes back what was so at its instant or before, never what came after it', () => {
    expect([9, 10, 11].map((asOf) => lifts(lift, suppression({ asOf })))).toEqual([true, true, false]);
  });

  it.each([
    ['sms', 's1', true],
    ['voice', 's1', false],
    ['sms', 's2', false],
    ['sms', '*', false],
  ])('of one channel and sender leaves the others: %s, %s', (channel, scope, lifted) => {
    expect(lifts({ ...lift, channel: 'sms', scope: 's1' }, suppression({ channel, scope }))).toBe(lifted);
  });

  it.each([
    ['*', 'code:21614', true],
    ['code:21614', 'code:21614', true],
    ['code:2161', 'code:21614', false],
    ['code', 'code:21614', true],
    ['strike:30003', 'strike:30003:3:r1', true],
    ['strike:30003', 'strike:30005:2:r1', false],
    ['operator', 'import', false],
  ])('of origin %s: %s', (origin, said, lifted) => {
    expect(lifts({ ...lift, origin }, suppression({ origin: said }))).toBe(lifted);
  });

  it('by an opt-in takes back what a person said, never what is wrong with the number', () => {
    const optIn = { ...lift, origin: 'opt-in' };
    const origins = ['stop', 'consent', 'import', 'operator', 'code:21610', 'code:30630', 'code:21614', 'code:30006', 'strike:30003:3:r1'];
    expect(origins.filter((origin) => lifts(optIn, suppression({ origin })))).toEqual(origins.slice(0, 6));
    expect(origins.filter(isOptOut)).toEqual(origins.slice(0, 6));
  });
});

const at = fc.integer({ min: 0, max: 6 });
const record: fc.Arbitrary<SuppressionSet> = fc
  .record({
    asOf: at,
    channel: fc.constantFrom('sms', 'voice', '*'),
    scope: fc.constantFrom('s1', '*'),
    lifted: fc.boolean(),
    origin: fc.constantFrom(
      'operator',
      'code:21610',
      'code:30006',
      'strike:30003:2:r1',
      'strike:30003:3:r2',
      'strike:30003:2:r3',
      '*',
      'opt-in',
    ),
    expiresAt: fc.option(at.map((end) => end + 100)),
  })
  .map((said) => suppression(said));

const shuffled = fc
  .array(record, { maxLength: 9 })
  .chain((records) => fc.shuffledSubarray([...records.keys()], { minLength: records.length }).map((order) => ({ records, order })));
const query = { contact: 'c1', channels: ['sms'], sender: 's1' };

function isSuppressed(records: readonly SuppressionSet[], order: readonly number[], now: number): boolean {
  const index = new SuppressionIndex();
  for (const place of order) index.apply(`k${place}`, records[place]);
  return index.find(query, now) !== undefined;
}

describe('whatever is said of a contact', () => {
  it('adds, lifts and strikes mean the same in every order, and read twice', () => {
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 99, max: 107 }), ({ records, order }, now) => {
        const inOrder = isSuppressed(records, [...records.keys()], now);
        expect(isSuppressed(records, order, now)).toBe(inOrder);
        expect(isSuppressed(records, [...order, ...order], now)).toBe(inOrder);
      }),
    );
  });

  it('a lift of all leaves exactly what came after it', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 9 }), at, (records, instant) => {
        const all = suppression({ lifted: true, asOf: instant, origin: '*', channel: '*' });
        const later = records.filter((fact) => fact.lifted || (fact.asOf ?? 0) > instant);
        expect(standing([...records, all], 99)).toEqual(standing(later, 99));
      }),
    );
  });

  it('a fact never frees anyone, a lift never suppresses', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), record, (records, more) => {
        const holds = (list: readonly SuppressionSet[]) => {
          const facts = standing(list, 99);
          return facts.some((fact) => suffices(fact, facts));
        };
        const [before, after] = [holds(records), holds([...records, more])];
        expect(more.lifted ? before || !after : !before || after).toBe(true);
      }),
    );
  });
});
