// The whole product on three fresh brokers, from nothing to a report, again and again: no start may fail.
// START_RUNS: how often.
import { quantile } from '../../regression/pacing/windows.ts';
import { Paceline, reportOf } from '../paceline-process.ts';
import { publish } from './pacing-results.ts';

const runs = Number(process.env['START_RUNS'] ?? 50);
const rows = 20;

interface Start {
  readonly ok: boolean;
  readonly seconds: number;
}

describe('npm start -- --brokers 3 --once', () => {
  const starts: Start[] = [];
  let paceline: Paceline;
  beforeEach(async () => {
    paceline = await Paceline.create();
  });
  afterEach(() => paceline.dispose());
  afterAll(() => {
    const seconds = starts.map((start) => start.seconds).toSorted((a, b) => a - b);
    const times = [quantile(seconds, 0.5), quantile(seconds, 0.95), seconds.at(-1) ?? 0].map((one) => one.toFixed(1)).join(' / ');
    publish({
      name: 'starts',
      title: 'Starts on three fresh brokers',
      figures: { starts },
      text: `${starts.filter(({ ok }) => ok).length} of ${starts.length} starts ended with every one of ${rows} rows accounted for; from the command to its end ${times} s (p50 / p95 / longest).

Each is \`npm start -- --brokers 3 --once --json --rows ${rows}\` in an empty folder: three brokers formatted and started, topics and schemas made, services started, rows called, everything stopped. \`npm run test:long\` runs it.`,
    });
  });

  it.each(Array.from({ length: runs }, (_, n) => n + 1))(
    'start %i',
    async () => {
      const begin = performance.now();
      const result = await paceline.start(['--brokers', '3', '--once', '--json', '--rows', String(rows)]);
      const ok = result.code === 0 && reportOf(result).ok;
      starts.push({ ok, seconds: (performance.now() - begin) / 1_000 });
      expect({ ok, stderr: ok ? '' : result.stderr }).toEqual({ ok: true, stderr: '' });
    },
    300_000,
  );
});
