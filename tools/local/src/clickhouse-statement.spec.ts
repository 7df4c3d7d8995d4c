import { describe, expect, it } from '@jest/globals';
import { asRawInsert, isStreamable } from './clickhouse-statement.ts';

describe('a raw insert', () => {
  it('is recognised with its table, columns and format', () => {
    expect(asRawInsert('INSERT INTO paceline.`events` (`id`, at) FORMAT JSONEachRow')).toEqual({
      table: 'paceline.events',
      columns: ['id', 'at'],
      format: 'JSONEachRow',
    });
    expect(asRawInsert('insert into t format CSV')).toEqual({ table: 't', columns: null, format: 'CSV' });
  });

  it.each([
    'INSERT INTO t FORMAT RowBinary',
    'INSERT INTO t SELECT 1',
    'INSERT INTO t VALUES (1)',
    'INSERT INTO FUNCTION file(x) FORMAT CSV',
  ])('is not seen in %s', (sql) => expect(asRawInsert(sql)).toBeNull());
});

describe('a result', () => {
  const statement = {
    data: Buffer.alloc(0),
    database: null,
    sessionId: null,
    settings: [],
    format: 'JSONEachRow',
    gzip: false,
    wholeResult: false,
    readOnly: false,
  };

  it('leaves in chunks only when it is a select in a row format', () => {
    expect(isStreamable({ ...statement, sql: ' SELECT 1 FORMAT JSONEachRow' })).toBe(true);
    expect(isStreamable({ ...statement, sql: 'WITH 1 AS a SELECT a' })).toBe(true);
    expect(isStreamable({ ...statement, sql: 'SELECT 1', format: 'JSON' })).toBe(false);
    expect(isStreamable({ ...statement, sql: 'SHOW TABLES' })).toBe(false);
    expect(isStreamable({ ...statement, sql: 'SELECT 1', wholeResult: true })).toBe(false);
  });
});
