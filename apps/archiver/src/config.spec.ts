import { readEnvironment } from '@paceline/runtime';
import { archiverConfigSchema, clickHouseOf } from './config.ts';

const read = (env: Record<string, string>) => readEnvironment(archiverConfigSchema, { CLICKHOUSE_URL: 'http://127.0.0.1:18084', ...env });

describe('the archiver reads its environment', () => {
  it('needs nothing but the URL', () => {
    const result = read({});
    expect(result.ok && clickHouseOf(result.config)).toEqual({ url: 'http://127.0.0.1:18084', username: 'default', database: 'paceline' });
  });

  it('reaches ClickHouse with TLS and a client certificate', () => {
    const result = read({
      CLICKHOUSE_USER: 'archive',
      CLICKHOUSE_PASSWORD: 'x',
      CLICKHOUSE_CA: 'ca',
      CLICKHOUSE_CERT: 'cert',
      CLICKHOUSE_KEY: 'key',
    });
    expect(result.ok && clickHouseOf(result.config)).toMatchObject({
      username: 'archive',
      password: 'x',
      tls: { ca: 'ca', cert: 'cert', key: 'key' },
    });
  });

  it('names every problem, never a value', () => {
    const result = read({
      CLICKHOUSE_URL: 'ftp://secret',
      CLICKHOUSE_DATABASE: 'a;b',
      ARCHIVE_BLOCK_ROWS: '9',
      CLICKHOUSE_MIGRATE: 'perhaps',
    });
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
      'ARCHIVE_BLOCK_ROWS',
      'CLICKHOUSE_DATABASE',
      'CLICKHOUSE_MIGRATE',
      'CLICKHOUSE_URL',
    ]);
    expect(result.problems.join()).not.toMatch(/secret|a;b/);
  });
});
