import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SystemClock } from './clock.ts';
import { createLogger } from './logger.ts';
import { startTelemetry, type Telemetry } from './telemetry.ts';

interface Collector {
  readonly endpoint: string;
  readonly posts: { readonly path: string | undefined; readonly body: string }[];
  close(): Promise<unknown>;
}

async function collect(): Promise<Collector> {
  const posts: Collector['posts'] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      posts.push({ path: request.url, body });
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posts, close };
}

describe('exporting traces', () => {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'spec',
    instance: 'spec-1',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  const startTo = (endpoint: string | undefined): Telemetry =>
    startTelemetry({ service: 'spec', instance: 'spec-1', endpoint, ratio: 1, clock: new SystemClock(), logger });

  test('spans reach the collector as OTLP JSON, the last ones at the stop', async () => {
    const collector = await collect();
    const telemetry = startTo(collector.endpoint);
    telemetry.tracing.root('admit', { startMicros: 1_700_000_000_000_001 }).end(1_700_000_000_000_003);
    await telemetry.stop();
    await collector.close();
    expect(collector.posts).toHaveLength(1);
    expect(collector.posts[0]?.path).toBe('/v1/traces');
    const sent = JSON.parse(collector.posts[0]?.body ?? '{}');
    expect(sent.resourceSpans[0].resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'paceline-spec' } });
    expect(sent.resourceSpans[0].scopeSpans[0].spans).toEqual([
      expect.objectContaining({ name: 'admit', startTimeUnixNano: '1700000000000001000', endTimeUnixNano: '1700000000000003000' }),
    ]);
  });

  test('a collector that is away is warned of once and throws nothing', async () => {
    const collector = await collect();
    await collector.close();
    const telemetry = startTo(collector.endpoint);
    for (let count = 0; count < 1_500; count += 1) telemetry.tracing.root('x').end();
    await telemetry.stop();
    expect(lines.filter((line) => line.includes('traces cannot be exported'))).toHaveLength(1);
  });

  test('without a collector nothing is recorded, and the decision of the root is passed on', async () => {
    const telemetry = startTo(undefined);
    const { tracing } = telemetry;
    const headers = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
    expect(tracing.root('x').traceId).toBeNull();
    expect(tracing.child('x', headers)).toMatchObject({ traceId: null, headers });
    expect(tracing.child('x', { traceparent: 'broken' }).headers).toEqual({});
    await telemetry.stop();
  });
});
