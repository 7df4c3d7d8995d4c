// A hundred thousand rows at 500 calls a second, in each of the three forms: one outcome each, none twice.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Paceline, reportOf } from '../paceline-process.ts';
import { productSettings } from '../product-settings.ts';

const rows = 100_000;

const settings = (portBase: number): string =>
  productSettings(portBase, {
    callsPerSecond: 500,
    maxInFlight: 90,
    more: ['retry: {maxTotalWait: 60s}', 'reconcile: {clientTimeout: 10s, providerTimeout: 2s, skew: 1s}'],
  });

describe.each(['csv', 'json', 'ndjson'])('a file of 100,000 rows as %s', (format) => {
  let paceline: Paceline;
  beforeEach(async () => {
    paceline = await Paceline.create();
  });
  afterEach(() => paceline.dispose());

  it('is called at 500/s with one outcome per row and no double', async () => {
    const path = join(paceline.dataDir, `rows.${format}`);
    const { stdout } = await paceline.command('generate', String(rows), '--seed', '7', '--format', format);
    writeFileSync(path, stdout);
    const result = await paceline.start([
      '--once',
      '--json',
      '--settings',
      paceline.write('paceline.yaml', settings(paceline.portBase)),
      '--file',
      path,
    ]);
    const { batches, ledger, clickhouse, ok } = reportOf(result);
    expect({ code: result.code, ok }).toEqual({ code: 0, ok: true });
    expect(batches[0]).toMatchObject({ rows, complete: true, balanced: true, inDoubt: 0 });
    expect(clickhouse).toEqual({ rows, outcomes: batches[0]?.outcomes });
    expect(ledger?.doubleAccepted).toBe(0);
    expect(ledger?.worstSecond).toBeLessThanOrEqual(500 * 1.05 + 2);
  });
});
