import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KillPlan, KillRun } from '../../regression/chaos/kill-run.ts';
import { KeptRounds, runRounds, type RoundsTerms } from './delivery-rounds.ts';

const planOf = (seed: number, place: number): KillPlan => ({ seed, place }) as KillPlan;
const runOf = (seed: number): KillRun => ({ surprises: [`of ${seed}`] }) as unknown as KillRun;

describe('the rounds of a kill matrix', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-rounds-'));
  const file = join(folder, 'rounds.jsonl');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const terms = (over: Partial<RoundsTerms>): RoundsTerms => ({
    rounds: 3,
    atOnce: 1,
    firstSeed: 5,
    planOf,
    run: ({ seed }) => Promise.resolve(runOf(seed)),
    ended: () => undefined,
    ...over,
  });
  const seedsOf = (rounds: readonly { readonly seed: number }[]) => rounds.map(({ seed }) => seed);

  it('run one seed after the other, at most so many at once, each at a place of its own', async () => {
    const [places, underWay] = [new Map<number, number>(), new Set<number>()];
    let most = 0;
    const run = async ({ seed, place }: KillPlan): Promise<KillRun> => {
      expect([...underWay].map((other) => places.get(other))).not.toContain(place);
      places.set(seed, place);
      most = Math.max(most, underWay.add(seed).size);
      await new Promise((resolve) => setImmediate(resolve));
      underWay.delete(seed);
      return runOf(seed);
    };
    const done = await runRounds(new KeptRounds(null, 'c'), terms({ rounds: 5, atOnce: 2, run }));
    expect([seedsOf(done), most]).toEqual([[5, 6, 7, 8, 9], 2]);
  });

  it('go on where they were cut off', async () => {
    const cut = terms({ run: ({ seed }) => (seed === 7 ? Promise.reject(new Error('cut')) : Promise.resolve(runOf(seed))) });
    await expect(runRounds(new KeptRounds(file, 'c'), cut)).rejects.toThrow('cut');
    const kept = new KeptRounds(file, 'c');
    expect([seedsOf(kept.ended), kept.firstSeed(99)]).toEqual([[5, 6], 5]);
    const ran: number[] = [];
    const done = await runRounds(kept, terms({ ended: ({ seed }) => ran.push(seed) }));
    expect([ran, seedsOf(done), done[0]?.run]).toEqual([[7], [5, 6, 7], runOf(5)]);
  });

  it('are not added to those of another commit', () => {
    expect(() => new KeptRounds(file, 'd')).toThrow(/rounds\.jsonl: holds a round of commit c, this is d/);
  });

  it('begin nothing more after an error', async () => {
    const begun: number[] = [];
    const run = ({ seed }: KillPlan): Promise<KillRun> => (begun.push(seed), Promise.reject(new Error('no servers')));
    await expect(runRounds(new KeptRounds(null, 'c'), terms({ rounds: 9, run }))).rejects.toThrow('no servers');
    expect(begun).toEqual([5]);
  });
});
