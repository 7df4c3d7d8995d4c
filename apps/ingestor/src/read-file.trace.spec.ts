import { IngestBench, messagesCsv } from './ingest-bench.suite.ts';

let bench: IngestBench;
beforeEach(async () => {
  bench = await IngestBench.open();
});
afterEach(() => bench.close());

describe('the trace of a row', () => {
  it("hangs below its file's span in a traced file", async () => {
    await bench.drop('list.csv', messagesCsv(2));
    await bench.deliver(await bench.look());
    const [file] = bench.tracing.named('read file');
    const rows = bench.tracing.named('admit row');
    expect(rows.map(({ parentSpanId, traceId }) => [parentSpanId, traceId])).toEqual([
      [file?.spanId, file?.traceId],
      [file?.spanId, file?.traceId],
    ]);
    expect(file).toMatchObject({ ended: true, attributes: { 'paceline.rows': 2 } });
    const headers = bench.log.outputs.filter(({ topic }) => topic === 'paceline.requests').map((output) => output.headers?.['traceparent']);
    expect(headers).toEqual(rows.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`));
  });

  it('carries no phone number and no text', async () => {
    await bench.drop('list.csv', messagesCsv(3));
    await bench.deliver(await bench.look());
    expect(JSON.stringify(bench.tracing.spans)).not.toMatch(/\+1500|row 1/);
  });

  it('is absent when nothing is traced', async () => {
    await bench.close();
    bench = await IngestBench.open({ traceRatio: 0 });
    await bench.drop('list.csv', messagesCsv(2));
    await bench.deliver(await bench.look());
    expect(bench.log.outputs.every(({ headers }) => headers?.['traceparent'] === undefined)).toBe(true);
  });
});
