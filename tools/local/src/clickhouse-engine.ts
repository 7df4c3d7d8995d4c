// The embedded engine behind one process and one data folder. Each request gets a session of its own, so that
// settings and parameters never leak from one to the next; a named session is kept and used by one request at a time.
import { mkdirSync } from 'node:fs';
import { Session, type ChdbQueryStream, type ChdbResult } from 'chdb';
import { refuse } from './clickhouse-error.ts';
import type { Statement } from './clickhouse-request.ts';
import type { RawInsert } from './clickhouse-statement.ts';

const idleSessionMs = 60_000;

interface Named {
  readonly session: Session;
  busy: boolean;
  idleSince: number;
}

export interface Written {
  readonly rowsSent: number;
  readonly rowsWritten: number;
  readonly bytesWritten: number;
}

export class Engine {
  readonly version: string;
  readonly #dir: string;
  readonly #keeper: Session;
  readonly #named = new Map<string, Named>();
  readonly #sweep: NodeJS.Timeout;

  constructor(dir: string) {
    mkdirSync(dir, { recursive: true });
    this.#dir = dir;
    // Held for the whole life: it owns the folder's lock, so that a second process is refused.
    this.#keeper = new Session(dir);
    this.version = this.#keeper.query('SELECT version()', 'TabSeparated').trim();
    this.#sweep = setInterval(() => this.#dropIdle(), 10_000).unref();
  }

  /** Runs `work` in a session that has the request's database and settings. */
  async withSession<T>(statement: Statement, work: (session: Session) => Promise<T>): Promise<T> {
    const { session, release } = this.#take(statement.sessionId);
    try {
      await prepare(session, statement);
      return await work(session);
    } finally {
      release();
    }
  }

  close(): void {
    clearInterval(this.#sweep);
    for (const { session } of this.#named.values()) session.close();
    this.#keeper.close();
  }

  #take(id: string | null): { session: Session; release: () => void } {
    if (id === null) {
      const session = new Session(this.#dir);
      return { session, release: () => session.close() };
    }
    const named = this.#named.get(id) ?? { session: new Session(this.#dir), busy: false, idleSince: 0 };
    this.#named.set(id, named);
    if (named.busy) throw refuse.lockedSession(id);
    named.busy = true;
    const release = (): void => {
      named.busy = false;
      named.idleSince = performance.now();
    };
    return { session: named.session, release };
  }

  #dropIdle(): void {
    for (const [id, named] of this.#named) {
      if (named.busy || performance.now() - named.idleSince < idleSessionMs) continue;
      this.#named.delete(id);
      named.session.close();
    }
  }
}

async function prepare(session: Session, { database, settings, readOnly, sessionId }: Statement): Promise<void> {
  if (database !== null && database !== 'default') await session.queryAsync(`USE \`${database.replaceAll('`', '')}\``);
  const assignments = settings.map(([name, value]) => `${name} = ${quoted(value)}`);
  // Last, because nothing can be set after it; not in a kept session, which could never write again.
  if (readOnly && sessionId === null) assignments.push('readonly = 2');
  for (const assignment of assignments) await session.queryAsync(`SET ${assignment}`);
}

function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

export async function insertRaw(session: Session, { table, columns, format }: RawInsert, values: Buffer): Promise<Written> {
  if (values.length === 0) return { rowsSent: 0, rowsWritten: 0, bytesWritten: 0 };
  const summary = await session.insert({ table, values, format, ...(columns === null ? {} : { columns }) });
  return { rowsSent: summary.rowsSent ?? summary.rowsWritten, rowsWritten: summary.rowsWritten, bytesWritten: summary.bytesWritten };
}

export function runWhole(session: Session, { sql, data, format }: Statement): Promise<ChdbResult> {
  return session.queryAsync(data.length === 0 ? sql : `${sql}\n${data.toString('utf8')}`, { format });
}

export function runStreaming(session: Session, { sql, format }: Statement): ChdbQueryStream {
  return session.queryStream(sql, { format });
}
