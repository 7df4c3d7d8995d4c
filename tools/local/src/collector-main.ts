import { TraceFile } from './collector-file.ts';
import { CollectorServer } from './collector-server.ts';
import { TraceSink } from './collector-sink.ts';
import { requiredPort, requiredText, secretFrom, stopOnSignal } from './process-env.ts';

const url = process.env['CLICKHOUSE_URL'] ?? '';
const sink =
  url === ''
    ? null
    : new TraceSink({
        url,
        username: process.env['CLICKHOUSE_USER'] ?? 'default',
        password: process.env['CLICKHOUSE_PASSWORD'] ?? secretFrom('CLICKHOUSE_PASSWORD_FILE'),
        database: process.env['CLICKHOUSE_DATABASE'] ?? 'paceline',
        maxBufferedRows: Number(process.env['COLLECTOR_MAX_BUFFERED_ROWS'] ?? 50_000),
      });
const server = new CollectorServer({
  port: requiredPort('COLLECTOR_PORT'),
  file: new TraceFile(requiredText('COLLECTOR_FILE'), 256_000_000),
  sink,
});
stopOnSignal(() => server.close());
await server.listen();
console.log('collector ready');
