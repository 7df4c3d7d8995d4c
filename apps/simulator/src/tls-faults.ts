import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { selfSigned } from './self-signed-certificate.ts';

/**
 * What is wrong with a connection before it can carry a request: a certificate that nobody trusts, one that has also
 * expired, one for another address, a peer that does not speak TLS, one that never answers, one that resets.
 */
export const tlsFaults = ['self-signed', 'expired', 'wrong-address', 'not-tls', 'silent', 'reset'] as const;
export type TlsFault = (typeof tlsFaults)[number];

export interface TlsListener {
  readonly url: string;
  readonly port: number;
  /** PEM of its certificate, for a caller that is to trust it; null when it has none. */
  readonly certificate: string | null;
  /** Requests that came through all the same. */
  readonly requests: () => number;
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
const here = [127, 0, 0, 1] as const;
const elsewhere = [192, 0, 2, 1] as const;

/** A listener on loopback whose TLS is wrong in this one way. Whoever gets through is counted and answered 421. */
export async function startTlsFault(fault: TlsFault, port = 0): Promise<TlsListener> {
  const counted = { requests: 0 };
  const { server, certificate } = serverOf(fault, counted);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `https://127.0.0.1:${bound}`,
    port: bound,
    certificate,
    requests: () => counted.requests,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function serverOf(fault: TlsFault, counted: { requests: number }): { server: Server; certificate: string | null } {
  if (fault === 'not-tls') return { server: createServer((socket) => void socket.write('220 not what you expect\r\n')), certificate: null };
  if (fault === 'silent') return { server: createServer(), certificate: null };
  if (fault === 'reset')
    return { server: createServer((socket) => void socket.once('data', () => socket.resetAndDestroy())), certificate: null };
  const now = Date.now();
  const [from, to] = fault === 'expired' ? [-2, -1] : [-1, 1];
  const made = selfSigned({
    address: fault === 'wrong-address' ? elsewhere : here,
    notBefore: new Date(now + from * DAY_MS),
    notAfter: new Date(now + to * DAY_MS),
  });
  const server = createTlsServer(made, (_request, response) => {
    counted.requests += 1;
    response.writeHead(421).end();
  });
  server.on('tlsClientError', () => undefined);
  return { server, certificate: made.cert };
}
