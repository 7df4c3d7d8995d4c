import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { ControlApi } from './control-api.ts';
import { Credentials, type KnownUser } from './credentials.ts';
import { type Exchange, targetOf } from './exchange.ts';
import { FaultBook } from './fault-book.ts';
import { type FaultRuleInput } from './fault-rules.ts';
import { createStamp } from './instants.ts';
import { type LedgerLine } from './ledger-lines.ts';
import { Ledger } from './ledger.ts';
import { RecordStore } from './record-store.ts';
import { readBody } from './request-body.ts';
import { RuntimeSettings, type SimulatorSettings } from './settings.ts';
import { type Summary } from './tally.ts';
import { type TlsFault, type TlsListener, startTlsFault } from './tls-faults.ts';
import { TwilioApi } from './twilio-api.ts';

export interface SimulatorOptions {
  readonly host?: string;
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  /** NDJSON file, continued when it exists; without it a temporary file that stop() removes. */
  readonly ledgerPath?: string | undefined;
  readonly settings?: Partial<SimulatorSettings>;
  /** When given, only these users are let in; else every AC or SK sid with a secret. */
  readonly users?: Readonly<Record<string, KnownUser>> | undefined;
  /** Fault rules in force from the start. */
  readonly faults?: readonly FaultRuleInput[] | undefined;
  /** A second listener whose TLS is wrong in this way. */
  readonly tls?: { readonly port: number; readonly fault: TlsFault } | undefined;
  /** How many messages and calls are kept for GET. */
  readonly keepRecords?: number;
  readonly maxBodyBytes?: number;
  /** Draws from [0, 1), for the latency. */
  readonly uniform?: () => number;
  /** The ledger cannot be written. By default the process dies of it: a judge without a record must not go on. */
  readonly onLedgerFailure?: (error: unknown) => void;
}

export interface Simulator {
  readonly url: string;
  readonly port: number;
  /** The listener with the faulty TLS, when one was asked for. */
  readonly tls: TlsListener | null;
  ledger(): Promise<LedgerLine[]>;
  summary(): Summary;
  /** Answers what is in flight for at most two seconds, then closes every connection and the ledger. */
  stop(): Promise<void>;
}

const STOP_MS = 2000;
/** Longer than any client keeps an idle connection, so that it is the client that closes it. */
const KEEP_ALIVE_MS = 120_000;

/** Starts a Twilio that behaves like the real one for Messages, Calls, Verify, Lookup and Studio. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const ledger = await Ledger.open({ path: options.ledgerPath, stamp: createStamp(), onFailure: options.onLedgerFailure ?? die });
  const { api, listener, faults } = partsOf(options, ledger);
  if (options.faults !== undefined) await faults.add(options.faults, Date.now());
  const server = createServer({ keepAlive: true, noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS }, listener);
  server.prependListener('connection', (socket) => {
    if (faults.takeAtConnect(Date.now()) !== undefined) socket.resetAndDestroy();
  });
  const tls = await listen(server, options).catch(async (error: unknown) => {
    server.close();
    await ledger.close();
    throw error;
  });
  const { port, address } = server.address() as AddressInfo;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    port,
    tls,
    ledger: () => ledger.lines(),
    summary: () => ledger.tally.summary(),
    stop: async () => {
      await tls?.stop();
      await stop(server, api, ledger);
    },
  };
}

async function listen(server: Server, { port = 0, host = '127.0.0.1', tls }: SimulatorOptions): Promise<TlsListener | null> {
  server.listen(port, host, 4096);
  await once(server, 'listening');
  return tls === undefined ? null : startTlsFault(tls.fault, tls.port);
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

function partsOf(options: SimulatorOptions, ledger: Ledger): { api: TwilioApi; listener: Listener; faults: FaultBook } {
  const settings = new RuntimeSettings(options.settings);
  const faults = new FaultBook();
  const store = new RecordStore(options.keepRecords ?? 1_000_000);
  const control = new ControlApi({ settings, ledger, faults });
  const credentials = new Credentials(options.users);
  const api = new TwilioApi({ settings, store, ledger, faults, credentials, uniform: options.uniform ?? Math.random });
  const limit = options.maxBodyBytes ?? 256 * 1024;
  const used = new WeakSet<Socket>();
  const listener: Listener = (request, response) => {
    const exchange = exchangeOf(request, response, used);
    if (ControlApi.owns(exchange.target.path)) control.handle(exchange).catch(() => response.destroy());
    else if (!api.endsAtHead(exchange)) readBody(request, limit, (body) => api.receive(exchange, body));
  };
  return { api, listener, faults };
}

function exchangeOf(request: IncomingMessage, response: ServerResponse, used: WeakSet<Socket>): Exchange {
  const { socket } = request;
  const reused = used.has(socket);
  used.add(socket);
  return { request, response, target: targetOf(request.url ?? '/'), ip: socket.remoteAddress ?? '', reused };
}

async function stop(server: Server, api: TwilioApi, ledger: Ledger): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), STOP_MS);
  await closed;
  clearTimeout(timer);
  api.abandon();
  await ledger.close();
}

function die(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
