import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';
import { type ClientConnection, newConnection } from './client-parts.ts';

// Pins the patch of the client: network/connection.js and network/connectionPool.js.

const body = Buffer.alloc(4);
const request = { apiKey: 3, apiVersion: 0, apiName: 'Metadata', encode: () => Promise.resolve({ buf: body, buffer: body }) };
const response = { decode: (data: Buffer) => Promise.resolve(data), parse: (data: Buffer) => Promise.resolve(data.toString()) };
const question = { request, response };

/** The answer to a request as it came: size, correlation id, payload. */
function answerTo(received: Buffer, payload = 'answer'): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + payload.length, 0);
  received.copy(head, 4, 8, 12);
  return Buffer.concat([head, Buffer.from(payload)]);
}

type OnRequest = (socket: Socket, received: Buffer) => void;

let server: Server;
let connection: ClientConnection;
let sockets: Socket[];
let answers: OnRequest;

const answerAll: OnRequest = (socket, received) => void socket.write(answerTo(received));
const answerNone: OnRequest = () => undefined;
const portOf = (listening: Server): number => (listening.address() as AddressInfo).port;

beforeEach(async () => {
  sockets = [];
  answers = answerAll;
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (received) => answers(socket, received));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  connection = newConnection(portOf(server));
});

afterEach(async () => {
  await connection.disconnect();
  for (const socket of sockets) socket.destroy();
  const closed = once(server, 'close');
  server.close();
  await closed;
});

const ask = async (): Promise<unknown> => {
  await connection.connect();
  return connection.send(question);
};

test('half an answer does not survive a reconnect', async () => {
  answers = (socket, received) => {
    answers = answerAll;
    socket.end(answerTo(received).subarray(0, 10));
  };
  await expect(ask()).rejects.toMatchObject({ name: 'KafkaJSConnectionClosedError' });
  expect(await ask()).toBe('answer');
});

test('an answer that cannot be read closes the connection, not the process', async () => {
  const tooShortForItsId = Buffer.from('000000020001', 'hex');
  answers = (socket) => void socket.write(tooShortForItsId);
  await expect(ask()).rejects.toMatchObject({ name: 'KafkaJSConnectionClosedError' });
  answers = answerAll;
  expect(await ask()).toBe('answer');
});

test('concurrent connects share one socket', async () => {
  await Promise.all([connection.connect(), connection.connect()]);
  expect(await connection.send(question)).toBe('answer');
  expect(sockets).toHaveLength(1);
});

test('an overdue answer closes the connection, and all requests behind it fail', async () => {
  answers = answerNone;
  await connection.connect();
  const asked = [connection.send({ ...question, requestTimeout: 50 }), connection.send(question)];
  const results = await Promise.allSettled(asked);
  expect(results.map((one) => (one as { reason?: Error }).reason?.name)).toEqual([
    'KafkaJSRequestTimeoutError',
    'KafkaJSConnectionClosedError',
  ]);
  expect(connection.isConnected()).toBe(false);
  answers = answerAll;
  expect(await ask()).toBe('answer');
});

test('a refused connection fails with its reason', async () => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const port = portOf(gone);
  gone.close();
  await once(gone, 'close');
  await expect(newConnection(port).connect()).rejects.toMatchObject({ name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' });
});

test('a connection that takes too long fails with its reason', async () => {
  const connecting = newConnection(1, { connectionTimeout: 20, socketFactory: () => new Socket() }).connect();
  await expect(connecting).rejects.toMatchObject({ name: 'KafkaJSConnectionError', message: 'Connection timeout' });
});

test('a disconnect does not wait for a frozen broker', async () => {
  connection = newConnection(portOf(server), { requestTimeout: 5_000 });
  const received = new Promise<void>((resolve) => (answers = () => resolve()));
  await connection.connect();
  const asked = expect(connection.send(question)).rejects.toMatchObject({ name: 'KafkaJSConnectionClosedError' });
  await received;
  await connection.disconnect();
  await asked;
});

test('a disconnect ends a socket that is still being opened', async () => {
  const connecting = expect(connection.connect()).rejects.toMatchObject({ name: 'KafkaJSConnectionClosedError' });
  await connection.disconnect();
  await connecting;
  expect(connection.isConnected()).toBe(false);
});

test('an error of the socket fails its requests at once, and the next request opens another socket', async () => {
  connection = newConnection(portOf(server), { requestTimeout: 5_000 });
  answers = (socket) => socket.resetAndDestroy();
  await expect(ask()).rejects.toMatchObject({ name: 'KafkaJSConnectionError', code: 'ECONNRESET' });
  expect(connection.isConnected()).toBe(false);
  answers = answerAll;
  expect(await ask()).toBe('answer');
});

/** A socket whose events the spec emits. */
class ScriptedSocket extends EventEmitter {
  readonly sent: Buffer[] = [];
  destroyed = false;

  constructor(readonly open: () => void) {
    super();
  }

  write(data: Buffer): void {
    this.sent.push(data);
    this.emit('sent');
  }

  destroy(): void {
    this.destroyed = true;
  }

  end(): void {
    this.emit('ended');
  }

  unref(): void {
    this.emit('released');
  }
}

describe('two sockets of one connection', () => {
  let opened: ScriptedSocket[];

  beforeEach(() => {
    opened = [];
    const socketFactory = ({ onConnect }: { onConnect: () => void }): ScriptedSocket => {
      const socket = new ScriptedSocket(onConnect);
      opened.push(socket);
      return socket;
    };
    connection = newConnection(1, { socketFactory });
  });

  async function openNext(): Promise<ScriptedSocket> {
    const connecting = connection.connect();
    const socket = opened.at(-1) as ScriptedSocket;
    socket.open();
    await connecting;
    return socket;
  }

  async function askOn(socket: ScriptedSocket): Promise<{ answer: Promise<unknown> }> {
    const sent = once(socket, 'sent');
    const answer = connection.send(question);
    await sent;
    return { answer };
  }

  test.each(['end', 'timeout', 'error'])('a late "%s" of the old one does not affect requests on the new one', async (event) => {
    const old = await openNext();
    await connection.disconnect();
    const current = await openNext();
    const { answer } = await askOn(current);
    old.emit(event, new Error('late'));
    current.emit('data', answerTo(current.sent[0] as Buffer));
    expect(await answer).toBe('answer');
  });

  test('late data of the old one is not read', async () => {
    const old = await openNext();
    await connection.disconnect();
    const current = await openNext();
    const { answer } = await askOn(current);
    old.emit('data', answerTo(current.sent[0] as Buffer, 'stale'));
    current.emit('data', answerTo(current.sent[0] as Buffer));
    expect(await answer).toBe('answer');
  });

  test('the old one is destroyed when a new one is opened', async () => {
    const old = await openNext();
    await connection.disconnect();
    await openNext();
    expect(old.destroyed).toBe(true);
  });
});
