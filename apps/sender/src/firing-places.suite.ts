import { FiringBench, type FiringSetup, type OpenFiring } from './firing.suite.ts';

/** What every firing promises of the places in flight of an account. */
export function firingPlacesSuite(open: (setup: FiringSetup) => Promise<OpenFiring>): void {
  const bench = new FiringBench();
  beforeAll(() => bench.start(open));
  beforeEach(() => bench.reset());
  afterEach(() => bench.settle());
  afterAll(() => bench.close());

  it('never more calls of an account at once than its limit', async () => {
    bench.answers.isSilent = true;
    bench.pending.setLimit('demo', 2);
    bench.firing.hand([bench.claim(0), bench.claim(1), bench.claim(2, 'r', 300)]);
    await bench.until('declined', 1);
    expect(bench.kinds('declined')).toMatchObject([{ reason: 'no-place-in-flight' }]);
    expect(bench.kinds('fired')).toHaveLength(2);
  });

  it('without a place a claim waits for one, in order, as long as its deadline bears', async () => {
    bench.pending.setLimit('demo', 1);
    bench.firing.hand(['first', 'second', 'third'].map((name, at) => bench.claim(at, name, 2_000)));
    await bench.until('ended', 3);
    expect(bench.answers.bodies).toEqual(['Body=first', 'Body=second', 'Body=third']);
    expect(bench.reports.map(({ kind }) => kind)).toEqual(['fired', 'ended', 'fired', 'ended', 'fired', 'ended']);
  });

  it('a claim that is revoked while it waits for a place is dropped', async () => {
    bench.answers.isSilent = true;
    bench.pending.setLimit('demo', 1);
    const [called, waits] = [bench.claim(0, 'called'), bench.claim(1, 'waits', 2_000)];
    bench.firing.hand([called, waits]);
    await bench.until('fired', 1);
    expect(bench.pending.revoke(waits.cell)).toBe(true);
    await bench.firing.disconnect();
    await bench.until('dropped', 1);
    expect(bench.kinds('ended')).toHaveLength(1);
    expect(bench.kinds('declined')).toEqual([]);
  });
}
