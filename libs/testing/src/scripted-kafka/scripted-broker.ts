import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Api } from './api.ts';
import { apiOfKey, apiVersions } from './apis.ts';
import { type BrokerStatus } from './cluster-state.ts';
import { kafkaError } from './error-codes.ts';
import { type AnswerLine } from './exchange.ts';
import { emptyAnswer, type RequestBody } from './protocol.ts';
import { WireReader, WireWriter } from './wire.ts';

export const host = '127.0.0.1';

/** A request as it came over the wire. */
export interface Frame {
  readonly api: Api;
  readonly version: number;
  readonly correlationId: number;
  readonly connection: number;
  readonly broker: number;
  readonly body: RequestBody;
}

/** What the brokers need of the cluster that they make up. */
export interface BrokerHost {
  nextConnection(): number;
  /** The request is recorded now, and worked on when the function is called: one after another on each connection. */
  receive(frame: Frame, line: AnswerLine): () => void;
  changed(): void;
}

interface Connection {
  readonly socket: Socket;
  readonly id: number;
  unread: Buffer;
  busy: boolean;
}

interface Waiting {
  readonly connection: Connection;
  readonly work: () => void;
}

/** One listening server of the cluster: frames, order, stop, freeze. What is answered is not its business. */
export class ScriptedBroker {
  #server: Server | undefined;
  #port = 0;
  #frozen = false;
  #fenced = false;
  /** It is dead, and the controller has not noticed. */
  #missed = false;
  /** Counts the starts: what began before a stop must have no effect after it. */
  #run = 0;
  readonly #connections = new Set<Connection>();
  #waiting: Waiting[] = [];
  #thawed: (() => void)[] = [];

  constructor(
    readonly id: number,
    private readonly cluster: BrokerHost,
  ) {}

  get status(): BrokerStatus {
    return { address: { id: this.id, host, port: this.#port }, listed: (this.#server !== undefined || this.#missed) && !this.#fenced };
  }

  get openConnections(): number {
    return this.#connections.size;
  }

  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((socket) => this.#accept(socket));
    server.listen(this.#port, host);
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    this.#missed = false;
    this.#fenced = false;
    this.#run += 1;
    this.cluster.changed();
  }

  /** What it had not answered is lost, applied or not. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    this.#frozen = false;
    this.#fenced = false;
    this.#run += 1;
    this.#waiting = [];
    this.#thawed = [];
    const closed = once(server, 'close');
    server.close();
    for (const { socket } of this.#connections) socket.destroy();
    this.#connections.clear();
    await closed;
    this.cluster.changed();
  }

  /** As `stop`, but the controller lists it until it is fenced. */
  async kill(): Promise<void> {
    const stopped = this.stop();
    this.#missed = true;
    await stopped;
  }

  freeze(): void {
    this.#frozen = true;
  }

  /** The controller no longer lists it, though it may still run. */
  fence(): void {
    this.#fenced = true;
  }

  thaw(): void {
    this.#frozen = false;
    this.#fenced = false;
    for (const run of this.#thawed.splice(0)) run();
    this.#work();
    this.cluster.changed();
  }

  #accept(socket: Socket): void {
    const connection: Connection = { socket, id: this.cluster.nextConnection(), unread: Buffer.alloc(0), busy: false };
    this.#connections.add(connection);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(connection, chunk));
    // Requests that were read before the client went away are worked on all the same, as by a real broker.
    socket.on('close', () => {
      this.#connections.delete(connection);
      this.cluster.changed();
    });
    socket.on('error', () => socket.destroy());
  }

  #read(connection: Connection, chunk: Buffer): void {
    connection.unread = Buffer.concat([connection.unread, chunk]);
    while (connection.unread.length >= 4) {
      const end = 4 + connection.unread.readInt32BE(0);
      if (connection.unread.length < end) break;
      const content = connection.unread.subarray(4, end);
      connection.unread = connection.unread.subarray(end);
      this.#receive(connection, new WireReader(content));
    }
    this.#work();
  }

  #receive(connection: Connection, reader: WireReader): void {
    const key = reader.int16();
    const version = reader.int16();
    const correlationId = reader.int32();
    reader.nullableString(); // client id
    const api = apiOfKey(key);
    if (api === undefined || version < api.min || version > api.max) return this.#refuseVersion(connection, key, correlationId);
    const frame: Frame = { api, version, correlationId, connection: connection.id, broker: this.id, body: api.decode(reader, version) };
    this.#waiting.push({ connection, work: this.cluster.receive(frame, this.#lineOf(connection)) });
    this.cluster.changed();
  }

  /** As a broker does: ApiVersions is answered in its first version, so that the client can ask again; others end the connection. */
  #refuseVersion({ socket }: Connection, key: number, correlationId: number): void {
    if (key !== apiVersions.key) return void socket.destroy();
    const writer = new WireWriter().int32(correlationId);
    apiVersions.encode(writer, { ...emptyAnswer, errorCode: kafkaError.unsupportedVersion }, 0);
    socket.write(new WireWriter().bytesOf32(writer.toBuffer()).toBuffer());
  }

  #lineOf(connection: Connection): AnswerLine {
    const begun = this.#run;
    const isOpen = (): boolean => this.#run === begun;
    return {
      get open() {
        return isOpen();
      },
      whenAwake: (run) => {
        if (this.#frozen) this.#thawed.push(run);
        else run();
      },
      send: (frame) => {
        if (frame !== undefined && connection.socket.writable) connection.socket.write(frame);
        connection.busy = false;
        this.#work();
      },
      close: () => {
        this.#waiting = this.#waiting.filter((one) => one.connection !== connection);
        connection.socket.destroy();
      },
      changed: () => this.cluster.changed(),
    };
  }

  /** Takes up, in the order of their arrival, the requests whose connection has none under way. */
  #work(): void {
    for (;;) {
      const next = this.#frozen ? undefined : this.#waiting.find(({ connection }) => !connection.busy);
      if (next === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      next.connection.busy = true;
      next.work();
    }
  }
}
