// The first thing a newcomer does: start it, and see a thousand calls paced, answered, accounted for and queryable.
import { isFree } from '@paceline/testing';
import { Paceline, reportOf } from './paceline-process.ts';

describe('npm start -- --once --json', () => {
  let paceline: Paceline;
  beforeEach(async () => {
    paceline = await Paceline.create();
  });
  afterEach(() => paceline.dispose());

  it('gives every row of the sample one outcome, in the log, in ClickHouse and in the ledger alike', async () => {
    const result = await paceline.start(['--once', '--json']);
    const { batches, ledger, clickhouse, ok } = reportOf(result);
    expect({ code: result.code, ok }).toEqual({ code: 0, ok: true });
    const [batch] = batches;
    const total = Object.values(batch?.outcomes ?? {}).reduce((sum, n) => sum + n, 0);
    expect(total).toBe(1_000);
    expect(batch).toMatchObject({ rows: 1_000, complete: true, balanced: true, inDoubt: 0 });
    expect(batch?.reasons['throttled-out']).toBeGreaterThan(0);
    expect(clickhouse).toEqual({ rows: 1_000, outcomes: batch?.outcomes });
    expect(ledger).toMatchObject({ doubleAccepted: 0, limit: 50, accepted: batch?.outcomes['accepted'] });
    expect(ledger?.worstSecond).toBeLessThanOrEqual(50 * 1.05 + 2);
    expect(paceline.survivors()).toEqual([]);
    expect(await isFree(paceline.portBase + 1)).toBe(true);
  });
});
