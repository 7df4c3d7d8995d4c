import { ClickHouseFacade } from './clickhouse-facade.ts';
import { loopback } from './ports.ts';
import { requiredPort, requiredText, secretFrom, stopOnSignal } from './process-env.ts';

const facade = new ClickHouseFacade({
  dir: requiredText('CLICKHOUSE_DIR'),
  host: loopback,
  port: requiredPort('CLICKHOUSE_PORT'),
  credentials: { user: process.env['CLICKHOUSE_USER'] ?? 'default', password: secretFrom('CLICKHOUSE_PASSWORD_FILE') },
  maxBodyBytes: Number(process.env['CLICKHOUSE_MAX_BODY_BYTES'] ?? 256_000_000),
});
stopOnSignal(() => facade.close());
await facade.listen();
console.log(`ClickHouse engine ${facade.version} ready`);
