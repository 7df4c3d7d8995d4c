// Reads one request of ClickHouse's HTTP interface into plain data. No engine here.
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { refuse } from './clickhouse-error.ts';

export interface Statement {
  readonly sql: string;
  /** Rows that follow the statement; empty when the statement was the body or nothing followed. */
  readonly data: Buffer;
  readonly database: string | null;
  readonly sessionId: string | null;
  readonly settings: readonly (readonly [string, string])[];
  readonly format: string;
  readonly gzip: boolean;
  readonly wholeResult: boolean;
  readonly readOnly: boolean;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Parameters of the transport itself; every other one is a setting or a query parameter. Inserts are always synchronous here. */
const transport = new Set(
  (
    'query database default_format query_id user password session_id session_timeout session_check compress decompress ' +
    'enable_http_compression http_zlib_compression_level wait_end_of_query buffer_size send_progress_in_http_headers ' +
    'http_headers_progress_interval_ms cancel_http_readonly_queries_on_client_close http_write_exception_in_output_format ' +
    'role close_session quota_key stacktrace async_insert wait_for_async_insert async_insert_busy_timeout_ms async_insert_max_data_size'
  ).split(' '),
);

export async function readStatement(request: IncomingMessage, url: URL, maxBytes: number): Promise<Statement> {
  const parameters = url.searchParams;
  const body = request.method === 'POST' ? await readBody(request, maxBytes) : Buffer.alloc(0);
  const inUrl = parameters.get('query');
  const sql = textOf(inUrl ?? body.toString('utf8'));
  return {
    sql,
    data: inUrl === null ? Buffer.alloc(0) : body,
    database: parameters.get('database') ?? header(request, 'x-clickhouse-database'),
    sessionId: parameters.get('session_id'),
    settings: [...parameters].filter(([name]) => !transport.has(name) && /^\w+$/.test(name)),
    format: formatIn(sql) ?? formatAsked(request, parameters),
    gzip: wantsGzip(request, parameters),
    wholeResult: parameters.get('wait_end_of_query') === '1',
    readOnly: request.method === 'GET',
  };
}

function textOf(statement: string): string {
  const sql = statement.trim().replace(/;$/, '');
  if (sql === '') throw refuse.emptyQuery();
  return sql;
}

function formatAsked(request: IncomingMessage, parameters: URLSearchParams): string {
  return parameters.get('default_format') ?? header(request, 'x-clickhouse-format') ?? 'TabSeparated';
}

function wantsGzip(request: IncomingMessage, parameters: URLSearchParams): boolean {
  return parameters.get('enable_http_compression') === '1' && /\bgzip\b/.test(header(request, 'accept-encoding') ?? '');
}

function formatIn(sql: string): string | null {
  return /\bFORMAT\s+(\w+)\s*$/i.exec(sql)?.[1] ?? null;
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

export function requireCredentials(request: IncomingMessage, url: URL, expected: Credentials): void {
  const given = basic(request) ?? {
    user: url.searchParams.get('user') ?? header(request, 'x-clickhouse-user') ?? 'default',
    password: url.searchParams.get('password') ?? header(request, 'x-clickhouse-key') ?? '',
  };
  if (given.user !== expected.user || given.password !== expected.password) throw refuse.authentication(given.user);
}

function basic(request: IncomingMessage): Credentials | null {
  const encoded = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of decoded(request) as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBytes) throw refuse.tooLarge(maxBytes);
    pieces.push(piece);
  }
  // A cut-off insert must never run: half a block would be stored under the token of the whole one.
  if (!request.complete) throw refuse.truncated();
  return Buffer.concat(pieces, size);
}

function decoded(request: IncomingMessage): Readable {
  const decoders = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress } as const;
  const create = decoders[request.headers['content-encoding'] as keyof typeof decoders] as
    (() => ReturnType<typeof createGunzip>) | undefined;
  if (create === undefined) return request;
  const decoder = create();
  request.on('error', (error) => decoder.destroy(error));
  return request.pipe(decoder);
}
