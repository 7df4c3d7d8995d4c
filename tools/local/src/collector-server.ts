// A small OTLP/HTTP receiver of traces in JSON: to a file, and to ClickHouse when there is one.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { traceRows, type OtlpTraces } from './collector-rows.ts';
import type { TraceFile } from './collector-file.ts';
import type { TraceSink } from './collector-sink.ts';
import { loopback } from './ports.ts';
import { messageOf } from './stack-error.ts';

const maxBodyBytes = 32_000_000;
const statusRoutes = new Set(['GET /readyz', 'GET /livez', 'GET /stats']);

export interface CollectorServerOptions {
  readonly port: number;
  readonly file: TraceFile;
  readonly sink: TraceSink | null;
}

export class CollectorServer {
  readonly #options: CollectorServerOptions;
  readonly #server: Server;
  #received = 0;

  constructor(options: CollectorServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => reply(response, 400, { message: messageOf(error) }));
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#options.port, loopback);
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#options.sink?.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method ?? ''} ${(request.url ?? '/').split('?', 1)[0] ?? ''}`;
    if (route === 'POST /v1/traces') return this.#receive(request, response);
    if (!statusRoutes.has(route)) return reply(response, 404, { message: 'only POST /v1/traces' });
    reply(response, 200, { received: this.#received, ...this.#options.sink?.stats });
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
      return reply(response, 415, { message: 'send OTLP as application/json' });
    }
    const traces = JSON.parse(await bodyOf(request)) as OtlpTraces;
    const rows = traceRows(traces);
    await this.#options.file.append(JSON.stringify(traces));
    this.#options.sink?.add(rows);
    this.#received += rows.length;
    reply(response, 200, { partialSuccess: {} });
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBodyBytes) throw new Error(`a request may have ${maxBodyBytes} bytes at most`);
    pieces.push(piece);
  }
  const body = Buffer.concat(pieces, size);
  const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body, { maxOutputLength: maxBodyBytes }) : body;
  return plain.toString('utf8');
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
