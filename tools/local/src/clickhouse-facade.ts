// The part of ClickHouse's HTTP interface that its client uses, over the embedded engine. For development and tests:
// no users and grants, no binary formats, no query log, no KILL QUERY.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import type { ChdbQueryStream, Session } from 'chdb';
import { Engine, insertRaw, runStreaming, runWhole } from './clickhouse-engine.ts';
import { errorAnswer } from './clickhouse-error.ts';
import { readStatement, requireCredentials, type Credentials, type Statement } from './clickhouse-request.ts';
import { asRawInsert, isStreamable } from './clickhouse-statement.ts';

export interface FacadeOptions {
  readonly dir: string;
  readonly host: string;
  readonly port: number;
  readonly credentials: Credentials;
  readonly maxBodyBytes: number;
}

/** One request on its way: what is needed to answer it. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly queryId: string;
  readonly begin: bigint;
}

type Summary = Partial<Record<'read_rows' | 'read_bytes' | 'written_rows' | 'written_bytes' | 'result_bytes', number>>;

const displayName = 'paceline-local';
const gzipFast = { level: 1 };

export class ClickHouseFacade {
  readonly #options: FacadeOptions;
  readonly #engine: Engine;
  readonly #server: Server;
  readonly #loopDelay = monitorEventLoopDelay({ resolution: 5 });
  #open = 0;

  constructor(options: FacadeOptions) {
    this.#options = options;
    this.#engine = new Engine(options.dir);
    this.#server = createServer((request, response) => this.#receive(request, response));
    this.#server.keepAliveTimeout = 10_000;
    this.#loopDelay.enable();
  }

  get version(): string {
    return this.#engine.version;
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#options.port, this.#options.host);
    await once(this.#server, 'listening');
  }

  /** Takes no new request, lets running ones end (10 s at most), then closes the engine so that its folder is whole. */
  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeIdleConnections();
    for (let waited = 0; this.#open > 0 && waited < 100; waited += 1) await delay(100);
    this.#engine.close();
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/ping') return void response.end('Ok.\n');
    if (url.pathname === '/_stats') return void response.end(this.#stats());
    if (url.pathname !== '/' || !['GET', 'POST'].includes(request.method ?? '')) {
      return void response.writeHead(404).end(`There is no handle ${url.pathname}\n`);
    }
    const exchange = { request, response, url, queryId: url.searchParams.get('query_id') ?? randomUUID(), begin: process.hrtime.bigint() };
    this.#open += 1;
    this.#answer(exchange)
      .catch((error: unknown) => this.#fail(exchange, error))
      .finally(() => (this.#open -= 1));
  }

  async #answer(exchange: Exchange): Promise<void> {
    requireCredentials(exchange.request, exchange.url, this.#options.credentials);
    const statement = await readStatement(exchange.request, exchange.url, this.#options.maxBodyBytes);
    await this.#engine.withSession(statement, (session) => run(session, statement, exchange));
  }

  #fail({ request, response, queryId }: Exchange, error: unknown): void {
    // In the middle of a result: a broken body, never a short but valid one.
    if (response.headersSent) return void response.destroy();
    const { status, code, body } = errorAnswer(error, this.version);
    response.writeHead(status, {
      'Content-Type': 'text/plain; charset=UTF-8',
      'X-ClickHouse-Exception-Code': String(code),
      'X-ClickHouse-Query-Id': queryId,
      'X-ClickHouse-Server-Display-Name': displayName,
      ...(request.complete ? {} : { Connection: 'close' }),
    });
    response.end(body);
  }

  #stats(): string {
    const { rss, heapUsed } = process.memoryUsage();
    const stats = {
      rssMB: Math.round(rss / 1e6),
      heapMB: Math.round(heapUsed / 1e6),
      open: this.#open,
      loopMaxMs: this.#loopDelay.max / 1e6,
      loopP99Ms: this.#loopDelay.percentile(99) / 1e6,
    };
    this.#loopDelay.reset();
    return `${JSON.stringify(stats)}\n`;
  }
}

async function run(session: Session, statement: Statement, exchange: Exchange): Promise<void> {
  const insert = asRawInsert(statement.sql);
  if (insert !== null) {
    const { rowsSent, rowsWritten, bytesWritten } = await insertRaw(session, insert, statement.data);
    writeHead(exchange, statement, { read_rows: rowsSent, written_rows: rowsWritten, written_bytes: bytesWritten });
    exchange.response.end();
    return;
  }
  if (isStreamable(statement)) return stream(runStreaming(session, statement), statement, exchange);
  const result = await runWhole(session, statement);
  const bytes = Buffer.from(result.bytes());
  writeHead(exchange, statement, { read_rows: result.rowsRead, read_bytes: result.bytesRead, result_bytes: bytes.length });
  exchange.response.end(statement.gzip ? gzipSync(bytes, gzipFast) : bytes);
}

async function stream(source: ChdbQueryStream, statement: Statement, exchange: Exchange): Promise<void> {
  const { response } = exchange;
  const chunks = source[Symbol.asyncIterator]();
  // The first chunk comes before the head, so that an error of the statement is still a proper answer.
  let chunk = await chunks.next();
  writeHead(exchange, statement, {});
  const out = statement.gzip ? createGzip(gzipFast) : response;
  if (out !== response) out.pipe(response);
  while (chunk.done !== true) {
    if (response.destroyed) return source.cancel();
    if (!out.write(chunk.value.raw())) await drainOrClose(out, response);
    chunk = await chunks.next();
  }
  out.end();
  if (!response.closed) await once(response, 'close').catch(() => undefined);
}

function drainOrClose(out: NodeJS.WritableStream, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      out.off('drain', done);
      response.off('close', done);
      resolve();
    };
    out.on('drain', done);
    response.on('close', done);
  });
}

function contentType(format: string): string {
  if (/^(JSON\w*EachRow|JSONLines|NDJSON)/i.test(format)) return 'application/x-ndjson; charset=UTF-8';
  return /^JSON/i.test(format) ? 'application/json; charset=UTF-8' : 'text/tab-separated-values; charset=UTF-8';
}

function writeHead({ response, queryId, begin }: Exchange, { format, gzip }: Statement, summary: Summary): void {
  const zero = { read_rows: 0, read_bytes: 0, written_rows: 0, written_bytes: 0, total_rows_to_read: 0, result_rows: 0, result_bytes: 0 };
  const counts = { ...zero, elapsed_ns: process.hrtime.bigint() - begin, ...summary };
  response.writeHead(200, {
    'Content-Type': contentType(format),
    'X-ClickHouse-Server-Display-Name': displayName,
    'X-ClickHouse-Query-Id': queryId,
    'X-ClickHouse-Format': format,
    'X-ClickHouse-Timezone': 'UTC',
    'X-ClickHouse-Summary': JSON.stringify(Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)]))),
    ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
  });
}
