import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { BatchFold, type PacingReport } from '@paceline/domain/reporting';
import { event, metaOf } from '@paceline/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { RunFile } from '@paceline/local';
import { pacerReports, pacerUrls } from './pacer-reports.ts';
import { statusView, tableRow, waitingLines } from './status-view.ts';

const now = Date.UTC(2026, 10, 22, 12) * 1_000;
const batchId = 'ab'.repeat(16);
const lane = 'messages:0a1b2c3d4e5f';

function totals() {
  const fold = new BatchFold();
  const meta = (type: 'BatchAdmitted' | 'BatchRead') => metaOf(type, { natural: [batchId], at: now, correlationId: batchId });
  const file = { batchId, account: 'demo', source: 'drop', name: 'march.csv', location: '/inbox/march.csv', fileHash: 'h', runId: '' };
  fold.apply(event('BatchAdmitted', { meta: meta('BatchAdmitted'), ...file, format: 'csv', columns: ['To'] }));
  const read = { batchId, account: 'demo', rows: 120, admitted: 120, refused: 0, segments: 120, reasons: {}, warnings: [], complete: true };
  fold.apply(event('BatchRead', { meta: meta('BatchRead'), ...read }));
  return fold.totals();
}

const report: PacingReport = {
  schemaVersion: 1,
  at: now,
  accounts: [
    {
      ...{
        account: 'demo',
        waiting: 120,
        waitingSince: now,
        callsPerSecond: 50,
        configuredCallsPerSecond: 50,
        maxInFlight: 40,
        inFlight: 0,
        era: 1,
      },
      groups: [
        { batchId, lane, priority: 0, rows: 120, waitingSince: now, reason: { kind: 'lane-rate', segmentsPerSecond: 1 }, nextAt: now },
      ],
    },
  ],
};
const laneNames = new Map([[lane, '+1500***06']]);
const viewOf = (pacers: { reports: readonly PacingReport[]; problem: string | null }) =>
  statusView({ totals: totals(), pacers, laneNames, now });

const schema = JSON.parse(readFileSync(new URL('../../../docs/reference/schemas/status.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);

describe('the status', () => {
  test('tells the ETA and what rows wait for, and is what its schema says', () => {
    const view = viewOf({ reports: [report], problem: null });
    expect(view.rows).toMatchObject([{ batchId, open: 120, etaSeconds: 120, endsAt: '2026-11-22T12:02:00Z' }]);
    expect(waitingLines(view)).toEqual([
      'waiting:',
      '  abababab  120 rows: lane +1500***06 at 1 segment/s; next slot 2026-11-22T12:00:00Z',
    ]);
    expect(view.rows.map(tableRow)[0]).toMatchObject({ eta: '2 min' });
    expect(validate(JSON.parse(JSON.stringify(view))) ? [] : validate.errors).toEqual([]);
  });

  test('without a pacer says that reasons are not known, and why', () => {
    const view = viewOf({ reports: [], problem: 'the pacer is stopped' });
    expect(view.rows).toMatchObject([{ etaSeconds: null, endsAt: null }]);
    expect(waitingLines(view)).toEqual(['why rows wait is not known: the pacer is stopped']);
    expect(validate(JSON.parse(JSON.stringify(view))) ? [] : validate.errors).toEqual([]);
  });
});

describe('where the pacers are', () => {
  const dataDir = '/nowhere';
  const runWith = (processes: object[]): RunFile => ({ processes }) as unknown as RunFile;

  test('a flag goes before the environment', () => {
    expect(pacerUrls(undefined, { PACELINE_PACER_URLS: 'http://a:1/, http://b:2' })).toEqual(['http://a:1', 'http://b:2']);
    expect(pacerUrls('http://c:3', { PACELINE_PACER_URLS: 'http://a:1' })).toEqual(['http://c:3']);
  });

  test.each([
    [null, /nothing was started in \/nowhere/],
    [runWith([]), /no pacer was started/],
    [runWith([{ name: 'pacer', healthUrl: 'http://127.0.0.1:1/readyz', state: 'stopped' }]), /the pacer is stopped/],
    [runWith([{ name: 'pacer', healthUrl: 'http://127.0.0.1:1/readyz', state: 'running' }]), /at http:\/\/127\.0\.0\.1:1 does not answer/],
  ])('without an answer there is a reason', async (run, problem) => {
    expect(await pacerReports({ urls: [], run, dataDir })).toEqual({ reports: [], problem: expect.stringMatching(problem) as string });
  });

  test('a pacer that answers is heard, one that does not is told beside it', async () => {
    const server = createServer((_request, response) => response.end(JSON.stringify(report))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const found = await pacerReports({ urls: [url, 'http://127.0.0.1:1'], run: null, dataDir });
    server.close();
    expect(found).toEqual({ reports: [report], problem: 'the pacer at http://127.0.0.1:1 does not answer' });
  });
});
