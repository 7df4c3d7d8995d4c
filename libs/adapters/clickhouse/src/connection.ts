import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';

export interface ClickHouseSettings {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly database: string;
  /** PEM of the certificate authority, and for mutual TLS the client's certificate and key. */
  readonly tls?: { readonly ca: string; readonly cert?: string; readonly key?: string };
  /** Longest wait for one answer; a block may be sent again after it without harm. Milliseconds. */
  readonly requestTimeoutMs?: number;
}

const loopback = /^https?:\/\/(localhost|127\.|\[::1\])/;

/** Packing costs more than it saves when the server is this machine. */
const isNear = (url: string): boolean => loopback.test(url);

/**
 * The one factory of clients. What it sets is part of exactly once: inserts are synchronous, so that an answer means
 * stored, and a block sent again is dropped in the tables behind materialized views too.
 */
export function connectClickHouse(settings: ClickHouseSettings): ClickHouseClient {
  const { url, username, password, database, tls, requestTimeoutMs = 30_000 } = settings;
  return createClient({
    url,
    database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls: tlsOf(tls) }),
    application: 'paceline',
    request_timeout: requestTimeoutMs,
    max_open_connections: 8,
    compression: { request: !isNear(url), response: false },
    keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      async_insert: 0,
      wait_for_async_insert: 1,
      insert_deduplicate: 1,
      deduplicate_blocks_in_dependent_materialized_views: 1,
    },
  });
}

type ClientTls = { ca_cert: Buffer } | { ca_cert: Buffer; cert: Buffer; key: Buffer };

function tlsOf({ ca, cert, key }: NonNullable<ClickHouseSettings['tls']>): ClientTls {
  const authority = { ca_cert: Buffer.from(ca) };
  if (cert === undefined || key === undefined) return authority;
  return { ...authority, cert: Buffer.from(cert), key: Buffer.from(key) };
}
