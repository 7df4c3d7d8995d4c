import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'node:querystring';
import { z } from 'zod';
import { type Exchange } from './exchange.ts';
import { type FaultBook } from './fault-book.ts';
import { knownActions, rulesSchema, unknownActions } from './fault-rules.ts';
import { type Ledger } from './ledger.ts';
import { readBody } from './request-body.ts';
import { type RuntimeSettings, settingsChangeSchema } from './settings.ts';

const BODY_LIMIT = 4 * 1024 * 1024;

interface Reply {
  readonly status: number;
  readonly body: object;
}

/** The simulator's own routes, for people, tests and judges; no production code knows them. Their requests are not in the ledger. */
export class ControlApi {
  private readonly settings: RuntimeSettings;
  private readonly ledger: Ledger;
  private readonly faults: FaultBook;

  constructor(parts: { settings: RuntimeSettings; ledger: Ledger; faults: FaultBook }) {
    this.settings = parts.settings;
    this.ledger = parts.ledger;
    this.faults = parts.faults;
  }

  static owns(path: string): boolean {
    return path === '/healthz' || path === '/readyz' || path === '/ledger' || path.startsWith('/_sim/');
  }

  async handle({ request, response, target }: Exchange): Promise<void> {
    if (target.path === '/ledger') return this.sendLedger(response, target.query);
    const route = this.routes[`${request.method} ${target.path}`];
    send(response, route === undefined ? this.unknown() : await route(await jsonOf(request)));
  }

  private readonly routes: Readonly<Record<string, (input: unknown) => Reply | Promise<Reply>>> = {
    'GET /healthz': () => ok({ status: 'ok' }),
    'GET /readyz': () => ok({ status: 'ready' }),
    'GET /_sim/summary': () => ok(this.ledger.tally.summary()),
    'GET /_sim/config': () => ok(this.settings.current),
    'POST /_sim/config': (input) => this.configure(input),
    'GET /_sim/faults': () => ok({ rules: this.faults.list(), known: knownActions }),
    'POST /_sim/faults': (input) => this.arm(input),
    'DELETE /_sim/faults': () => {
      this.faults.clear();
      return ok({ rules: [] });
    },
  };

  private configure(input: unknown): Reply {
    const change = settingsChangeSchema.safeParse(input);
    if (!change.success) return refusal(z.prettifyError(change.error));
    this.settings.change(change.data);
    return ok(this.settings.current);
  }

  private async arm(input: unknown): Promise<Reply> {
    const unknown = unknownActions(input);
    if (unknown.length > 0) return refusal(`unknown action: ${unknown.join(', ')}`, { known: knownActions });
    const rules = rulesSchema.safeParse(input);
    if (!rules.success) return refusal(z.prettifyError(rules.error), { known: knownActions });
    return ok({ ids: await this.faults.add(rules.data, Date.now()) });
  }

  private unknown(): Reply {
    return { status: 404, body: { message: 'no such route', routes: ['GET /ledger?since=SEQ', ...Object.keys(this.routes)] } };
  }

  private async sendLedger(response: ServerResponse, query: string): Promise<void> {
    const since = Number(parse(query)['since'] ?? 0);
    if (!Number.isSafeInteger(since) || since < 0) return send(response, refusal('since must be a sequence number'));
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    await pipeline(Readable.from(this.ledger.since(since)), response);
  }
}

const ok = (body: object): Reply => ({ status: 200, body });
const refusal = (message: string, more: object = {}): Reply => ({ status: 400, body: { message, ...more } });

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}

/** The body as JSON; undefined for none and for what cannot be read, which no schema accepts. */
function jsonOf(request: IncomingMessage): Promise<unknown> {
  return new Promise((resolve) => {
    readBody(request, BODY_LIMIT, ({ state, text }) => resolve(state === 'whole' ? parsed(text) : undefined));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
