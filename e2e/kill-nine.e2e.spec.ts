// kill -9 of any service during a run: every row ends in one outcome, none is called twice, and only rows whose claim had
// no acknowledged answer end as unknown.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@paceline/testing';
import { quantile, writeToArrival } from '../regression/pacing/windows.ts';
import { arrivalsIn } from '../regression/pacing/evidence.ts';
import type { ResponseFact } from '../regression/pacing/history.ts';
import { Paceline, reportOf, type StartResult } from './paceline-process.ts';
import { productSettings } from './product-settings.ts';

const rows = 3_000;
const callsPerSecond = 100;
const lateToleranceMs = 12;

const settings = (portBase: number): string =>
  productSettings(portBase, {
    callsPerSecond,
    maxInFlight: 60,
    more: ['retry: {maxTotalWait: 30s}', 'reconcile: {clientTimeout: 5s, providerTimeout: 1s, skew: 1s}'],
  });

/** Every row has its own recipient, so that the ledger shows a double by the number alone. */
const file = (): string =>
  ['To,From,Body', ...Array.from({ length: rows }, (_, i) => `+1500${String(6_000_000 + i)},+15005550006,row ${i + 1}`)].join('\n') + '\n';

describe('kill -9 of each service in turn during a run', () => {
  let paceline: Paceline;
  beforeEach(async () => {
    paceline = await Paceline.create();
  });
  afterEach(() => paceline.dispose());

  const calls = async (): Promise<number> => {
    const answer = await fetch(`http://127.0.0.1:${paceline.portBase}/_sim/summary`).catch(() => null);
    return answer === null ? 0 : ((await answer.json()) as { requests: number }).requests;
  };

  async function killAndWait(name: string): Promise<void> {
    const before = await calls();
    const pid = paceline.pidOf(name);
    if (pid === null) throw new Error(`${name} does not run`);
    process.kill(pid, 'SIGKILL');
    await eventually(`calls go on after ${name} was killed`, async () => (await calls()) > before + 50, 120_000);
    await eventually(`${name} is back`, () => paceline.pidOf(name) !== pid, 60_000);
  }

  async function runWithKills(): Promise<StartResult> {
    const args = ['--settings', paceline.write('paceline.yaml', settings(paceline.portBase)), '--file', paceline.write('rows.csv', file())];
    const run = paceline.start(['--once', '--json', ...args]);
    await eventually('calls are made', async () => (await calls()) > 100, 180_000);
    for (const name of ['pacer', 'sender', 'error-router', 'archiver', 'ingestor', 'sender', 'pacer']) await killAndWait(name);
    return run;
  }

  /** p99.9 of the time between the write of a call and its arrival: the log's answers against the simulator's ledger. */
  async function transitMs(): Promise<number> {
    const arrivals = arrivalsIn(readFileSync(join(paceline.dataDir, 'data', 'ledger.ndjson'), 'utf8'), String);
    void paceline.start(['--settings', join(paceline.dataDir, 'paceline.yaml')]);
    let lines: readonly string[] = [];
    await eventually(
      'the log can be read again',
      async () => {
        const { code, stdout } = await paceline.command('events', '--topic', 'paceline.responses');
        lines = code === 0 ? stdout.split('\n').filter((line) => line !== '') : [];
        return lines.length > rows / 2;
      },
      120_000,
    );
    const responses = lines.map((line) => {
      const { record, timestampMs } = JSON.parse(line) as { record: Omit<ResponseFact, 'recordedMs'>; timestampMs: number };
      return { ...record, recordedMs: timestampMs };
    });
    const spans = writeToArrival({ arrivals, responses });
    expect(spans.length).toBeGreaterThan(rows / 2);
    await paceline.stop();
    return quantile(spans, 0.999) / 1_000;
  }

  it('leaves every row with one outcome and none called twice', async () => {
    const result = await runWithKills();
    const { batches, ledger, clickhouse } = reportOf(result);
    const [batch] = batches;
    const { accepted = 0, ...others } = batch?.outcomes ?? {};
    const doubts = batch?.inDoubt ?? -1;
    expect(batch).toMatchObject({ rows, complete: true, balanced: true });
    expect(Object.values(others).reduce((sum, n) => sum + n, accepted)).toBe(rows);
    expect(doubts).toBe(batch?.reasons['claim-without-response'] ?? 0);
    expect(batch?.doubts.map(({ requestId, evidence }) => evidence?.attemptId?.startsWith(`${requestId}#`))).toEqual(
      Array(doubts).fill(true),
    );
    expect(ledger?.doubleAccepted).toBe(0);
    // A row whose answer was lost was called at most once: Twilio accepted what we know of and, at most, the doubts.
    expect(ledger?.accepted).toBeGreaterThanOrEqual(accepted);
    expect(ledger?.accepted).toBeLessThanOrEqual(accepted + doubts);
    expect(clickhouse).toEqual({ rows, outcomes: batch?.outcomes });
    expect(result.code).toBe(doubts === 0 ? 0 : 4);
    expect(paceline.survivors()).toEqual([]);
    const stretch = (lateToleranceMs + (await transitMs())) / 1_000;
    expect(ledger?.worstSecond).toBeLessThanOrEqual(callsPerSecond * (1 + stretch) + 2);
  });
});
