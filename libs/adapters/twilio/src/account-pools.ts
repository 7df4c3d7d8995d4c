import { buildConnector, Pool } from 'undici';
import { SpareConnections } from './spare-connections.ts';

export interface PoolSettings {
  readonly connections: number;
  readonly connectTimeoutMs: number;
  readonly nowMs: () => number;
  /** How connections come about; TCP or TLS when absent. */
  readonly connector?: buildConnector.connector;
}

export interface AccountPool {
  readonly pool: Pool;
  readonly spares: SpareConnections;
}

/** One HTTP/1.1 pool per origin: a connection carries one request at a time, and none is shared between accounts. */
export class AccountPools {
  readonly #pools = new Map<string, AccountPool>();

  constructor(private readonly settings: PoolSettings) {}

  of(origin: string): AccountPool {
    let found = this.#pools.get(origin);
    if (found === undefined) this.#pools.set(origin, (found = this.#open(origin)));
    return found;
  }

  async close(): Promise<void> {
    const all = [...this.#pools.values()];
    this.#pools.clear();
    for (const { spares } of all) spares.close();
    await Promise.all(all.map(({ pool }) => pool.destroy()));
  }

  #open(origin: string): AccountPool {
    const { connections, connectTimeoutMs, nowMs } = this.settings;
    const url = new URL(origin);
    const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const connector = this.settings.connector ?? buildConnector({ timeout: connectTimeoutMs, allowH2: false });
    const spares = new SpareConnections({ hostname, host: url.host, protocol: url.protocol, port: url.port }, connector, nowMs);
    const pool = new Pool(origin, {
      connect: spares.connect,
      connections,
      pipelining: 1,
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 16_384,
    });
    return { pool, spares };
  }
}
