// The whole product on one machine, broker, registry, engine, simulator and every service: how many calls a second it sustains.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@paceline/testing';
import { Paceline, reportOf } from '../paceline-process.ts';
import { productSettings } from '../product-settings.ts';
import { publish } from './pacing-results.ts';

const rows = Number(process.env['SUSTAINED_ROWS'] ?? 100_000);
const callsPerSecond = 1_200;
/** What two cores must sustain with everything on them, from the first call to the last. */
const leastPerSecond = 1_000;

/** No callbacks; one of a hundred traces is kept, as by default. */
const settings = (portBase: number): string =>
  productSettings(portBase, {
    callsPerSecond,
    maxInFlight: 600,
    callbacks: false,
    more: ['retry: {maxTotalWait: 60s}', 'tracing: {ratio: 0.01}'],
  });

/** The simulator admits a hundred calls at once unless told otherwise. */
const raiseCap = (portBase: number): Promise<void> =>
  eventually('the simulator takes a higher cap', async () => {
    const told = await fetch(`http://127.0.0.1:${portBase}/_sim/config`, { method: 'POST', body: '{"cap":5000}' }).catch(() => null);
    return told?.ok === true;
  });

describe(`${rows.toLocaleString('en')} rows at ${callsPerSecond}/s through everything on this machine`, () => {
  let paceline: Paceline;
  beforeAll(async () => {
    paceline = await Paceline.create();
  });
  afterAll(() => paceline.dispose());

  it(`are called at ${leastPerSecond}/s and more, each row with one outcome, in ClickHouse too`, async () => {
    const path = join(paceline.dataDir, 'rows.csv');
    writeFileSync(path, (await paceline.command('generate', String(rows), '--seed', '7', '--format', 'csv')).stdout);
    const settingsPath = paceline.write('paceline.yaml', settings(paceline.portBase));
    const running = paceline.start(['--once', '--json', '--settings', settingsPath, '--file', path]);
    await raiseCap(paceline.portBase);
    const { batches, ledger, clickhouse, ok } = reportOf(await running);
    const [batch] = batches;
    publish({
      name: 'sustained',
      title: 'Calls a second with everything on one machine',
      figures: { rows, callsPerSecond, leastPerSecond, batch, ledger, clickhouse },
      text: [
        `${ledger?.requests} calls at ${batch?.rateAchieved}/s from the first to the last (at least ${leastPerSecond}; configured ${callsPerSecond}), worst second of arrivals ${ledger?.worstSecond}, ${ledger?.doubleAccepted} accepted twice; ${clickhouse?.rows} of ${rows} rows in ClickHouse when the run ended.`,
        'Kafka, schema registry, ClickHouse, simulator, collector and all services run on this machine; no callbacks, 1 % of the traces. The sample has refusals and full queues in it, which are tried again.',
      ].join('\n'),
    });
    expect({ ok, doubles: ledger?.doubleAccepted }).toEqual({ ok: true, doubles: 0 });
    expect(batch).toMatchObject({ rows, complete: true, balanced: true, inDoubt: 0 });
    expect(clickhouse).toEqual({ rows, outcomes: batch?.outcomes });
    expect(batch?.rateAchieved).toBeGreaterThanOrEqual(leastPerSecond);
  });
});
