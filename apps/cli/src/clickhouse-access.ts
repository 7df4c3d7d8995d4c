import { connectClickHouse } from '@paceline/adapter-clickhouse';

/** Questions to ClickHouse; rows come as plain objects. */
export interface SqlClient {
  ask<Row>(sql: string, parameters?: Readonly<Record<string, string | number | readonly string[]>>): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** A read-only use of the server the archiver writes to; user and database as the archiver's environment names them. */
export function clickhouseOf(url: string): SqlClient {
  const { CLICKHOUSE_USER: username, CLICKHOUSE_PASSWORD: password, CLICKHOUSE_DATABASE: database = 'paceline' } = process.env;
  const client = connectClickHouse({
    url,
    database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  });
  return {
    ask: async <Row>(sql: string, parameters = {}) => {
      const answer = await client.query({ query: sql, query_params: parameters, format: 'JSONEachRow' });
      return answer.json<Row>();
    },
    close: () => client.close(),
  };
}
