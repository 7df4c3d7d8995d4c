import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { Caller } from './caller.suite.ts';
import { startTlsFault, type TlsListener } from './tls-faults.ts';

/** Why the handshake failed, when the caller trusts the listener's own certificate; `secure` when it did not. */
async function handshake({ port, certificate }: TlsListener, trusts: boolean): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', ...(trusts && certificate !== null ? { ca: certificate } : {}) });
  try {
    await once(socket, 'secureConnect');
    return 'secure';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    socket.destroy();
  }
}

it.each([
  ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'secure'],
  ['expired', 'CERT_HAS_EXPIRED', 'CERT_HAS_EXPIRED'],
  ['wrong-address', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['not-tls', expect.stringMatching(/SSL|EPROTO/), expect.stringMatching(/SSL|EPROTO/)],
  ['reset', 'ECONNRESET', 'ECONNRESET'],
] as const)('%s', async (fault, distrusted, trusted) => {
  const listener = await startTlsFault(fault);
  expect([await handshake(listener, false), await handshake(listener, true)]).toEqual([distrusted, trusted]);
  expect(listener.requests()).toBe(0);
  await listener.stop();
});

it('silent: the connection stands and the handshake never ends', async () => {
  const listener = await startTlsFault('silent');
  const socket = connectPlain(listener.port, '127.0.0.1');
  await once(socket, 'connect');
  expect(socket.bytesRead).toBe(0);
  socket.destroy();
  await listener.stop();
});

it('a simulator has one beside its API when it is told to', async () => {
  const caller = await Caller.of({ tls: { port: 0, fault: 'self-signed' } });
  expect([await handshake(caller.simulator.tls as TlsListener, true), (await caller.post()).status]).toEqual(['secure', 201]);
  await caller.close();
});
