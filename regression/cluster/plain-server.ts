// A server that speaks as much of Twilio's Messages API as a file of messages needs, and writes down what reached it. None
// of our code but this is in it: it judges the product as a stranger's server would.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How long an answer takes; Twilio's are slower. */
const answersAfterMs = 40;

export class PlainServer {
  readonly #server: Server;
  readonly #ledger: string[] = [];
  #received = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 60_000;
  }

  static async start(): Promise<PlainServer> {
    const plain = new PlainServer();
    await new Promise<void>((resolve) => plain.#server.listen(0, '127.0.0.1', resolve));
    return plain;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') return this.#tell(request.url ?? '', response);
    const seq = (this.#received += 1);
    const arrivedAtUs = Math.round((performance.timeOrigin + performance.now()) * 1_000);
    const params = new URLSearchParams(await bodyOf(request));
    const account = /Accounts\/(AC[^/]+)/.exec(request.url ?? '')?.[1] ?? '';
    const callbackUrl = params.get('StatusCallback') ?? '';
    const to = params.get('To') ?? '';
    this.#ledger.push(JSON.stringify({ seq, arrivedAtUs, account, path: request.url, params: { To: to }, callbackUrl }));
    setTimeout(() => this.#accept(seq, { account, to }, response), answersAfterMs);
  }

  #accept(seq: number, { account, to }: { account: string; to: string }, response: ServerResponse): void {
    const sid = `SM${randomBytes(16).toString('hex')}`;
    this.#ledger.push(JSON.stringify({ seq, status: 201, code: null, sid }));
    const resource = { sid, account_sid: account, to, status: 'queued', error_code: null, error_message: null };
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(resource));
  }

  #tell(path: string, response: ServerResponse): void {
    if (path.startsWith('/ledger')) return void response.end(`${this.#ledger.join('\n')}\n`);
    if (path === '/received') return void response.end(String(this.#received));
    response.writeHead(404).end();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
