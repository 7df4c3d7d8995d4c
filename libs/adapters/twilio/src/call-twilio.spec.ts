import { gzipSync } from 'node:zlib';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Answer, CallPlan, Observation } from '@paceline/domain/sending';
import { UndiciCallTwilio } from './call-twilio.undici.ts';
import { CountingServer } from './twilio-server.suite.ts';

const sid = `AC${'0'.repeat(32)}`;
const created = JSON.stringify({ sid: `SM${'1'.repeat(32)}`, status: 'queued' });
const plan: CallPlan = {
  api: 'messages',
  method: 'POST',
  path: `/2010-04-01/Accounts/${sid}/Messages.json`,
  form: [
    ['To', '+15005550009'],
    ['MediaUrl', 'https://a.example/1'],
    ['MediaUrl', 'https://a.example/2'],
    ['Body', 'Grüße & mehr'],
  ],
};
const yes = (): boolean => true;

function portOver(baseUrl: string, clientTimeoutMs = 2_000): UndiciCallTwilio {
  return new UndiciCallTwilio({
    accounts: [{ name: 'demo', sid, username: 'SKkey', password: 'secret', baseUrl, maxInFlight: 4 }],
    clientTimeoutMs,
    bodyCapBytes: 4_096,
    nowMs: () => performance.now(),
  });
}

const answer = (observation: Observation): Answer => {
  if (observation.kind !== 'answer') throw new Error(`no answer: ${JSON.stringify(observation)}`);
  return observation;
};

describe('one call makes one request at most', () => {
  let server: CountingServer;
  let twilio: UndiciCallTwilio;

  beforeEach(async () => {
    server = new CountingServer();
    twilio = portOver(await server.listen(), 300);
  });
  afterEach(async () => {
    await twilio.stop();
    await server.close();
  });

  it('sends the form, basic credentials and no trace headers, and returns status, headers and body', async () => {
    server.reply = (_request, response) => response.writeHead(201, { 'Twilio-Request-Id': 'RQ1' }).end(created);
    const observed = answer(await twilio.call('demo', plan, yes));
    expect(observed).toMatchObject({ status: 201, bodyState: 'complete', body: created });
    expect(observed.headers['twilio-request-id']).toBe('RQ1');
    const [seen] = server.seen;
    expect(new URLSearchParams(seen?.body).getAll('MediaUrl')).toEqual(['https://a.example/1', 'https://a.example/2']);
    expect(new URLSearchParams(seen?.body).get('Body')).toBe('Grüße & mehr');
    expect(seen?.headers.authorization).toBe(`Basic ${Buffer.from('SKkey:secret').toString('base64')}`);
    expect(seen?.headers['traceparent']).toBeUndefined();
    expect(observed.bytesWritten).toBeGreaterThan(seen?.body.length ?? Infinity);
  });

  it.each([429, 500, 503])('never repeats a %i, and keeps its headers', async (status) => {
    server.reply = (_request, response) => response.writeHead(status, { 'Retry-After': '7' }).end('{"code":20429}');
    expect(answer(await twilio.call('demo', plan, yes))).toMatchObject({ status, headers: { 'retry-after': '7' } });
    expect(server.seen).toHaveLength(1);
  });

  it('does not follow a redirect', async () => {
    server.reply = (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end();
    expect(answer(await twilio.call('demo', plan, yes)).status).toBe(302);
    expect(server.seen).toHaveLength(1);
  });

  it('reports a timeout after the request was written as lost, and does not repeat it', async () => {
    server.reply = () => undefined;
    expect(await twilio.call('demo', plan, yes)).toMatchObject({ kind: 'lost', how: 'timeout' });
    expect(server.seen).toHaveLength(1);
  });

  it('covers the body with the same timeout', async () => {
    server.reply = (_request, response) => void response.writeHead(201).write('{"sid"');
    expect(answer(await twilio.call('demo', plan, yes))).toMatchObject({ status: 201, bodyState: 'timed-out' });
  });

  it('reports a reset before the answer as lost', async () => {
    server.reply = (request) => request.socket.resetAndDestroy();
    expect(await twilio.call('demo', plan, yes)).toMatchObject({ kind: 'lost', how: 'reset' });
    expect(server.seen).toHaveLength(1);
  });

  it('reports a connection that ends in the body as cut', async () => {
    server.reply = (request, response) => {
      response.writeHead(201, { 'content-length': '1000' });
      response.write('{"sid":"SM', () => request.socket.destroy());
    };
    expect(answer(await twilio.call('demo', plan, yes))).toMatchObject({ status: 201, bodyState: 'cut' });
  });

  it('reports a reset on a reused connection as lost, never as unsent', async () => {
    server.reply = (_request, response) => response.writeHead(201).end(created);
    await twilio.call('demo', plan, yes);
    await new Promise((resolve) => setImmediate(resolve));
    server.reply = (request) => request.socket.resetAndDestroy();
    const second = await twilio.call('demo', plan, yes);
    expect(second).toMatchObject({ kind: 'lost', how: 'reset' });
    expect(second.kind === 'lost' && second.bytesWritten).toBeGreaterThan(100);
    expect([server.connections, server.seen.length]).toEqual([1, 2]);
  });

  it('stops reading at the body cap', async () => {
    server.reply = (_request, response) => response.writeHead(201).end(Buffer.alloc(10_000_000, 'x'));
    expect(answer(await twilio.call('demo', plan, yes))).toMatchObject({ status: 201, bodyState: 'over-cap' });
  });

  it('unpacks gzip up to the cap only', async () => {
    server.reply = (_request, response) => response.writeHead(201, { 'content-encoding': 'gzip' }).end(gzipSync(created));
    expect(answer(await twilio.call('demo', plan, yes)).body).toBe(created);
    server.reply = (_request, response) => response.writeHead(201, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000)));
    expect(answer(await twilio.call('demo', plan, yes))).toMatchObject({ status: 201, bodyState: 'undecodable', body: '' });
  });

  it('writes nothing when the first byte would come too late', async () => {
    server.reply = (_request, response) => response.writeHead(201).end(created);
    expect(await twilio.call('demo', plan, () => false)).toEqual({ kind: 'gate', reason: 'deadline-passed' });
    expect(server.seen).toHaveLength(0);
  });

  it('opens spare connections ahead without making a request, and uses them', async () => {
    server.reply = (_request, response) => response.writeHead(201).end(created);
    const opened = new Promise<void>((resolve) => {
      twilio.prepare('demo', 'messages', 1);
      const look = (): void => void (server.connections >= 4 ? resolve() : setImmediate(look));
      look();
    });
    await opened;
    expect(server.seen).toHaveLength(0);
    await twilio.call('demo', plan, yes);
    expect([server.connections, server.seen.length]).toEqual([4, 1]);
  });

  it('warming up makes connections, and no request', async () => {
    await twilio.warm();
    server.reply = (_request, response) => response.writeHead(201).end(created);
    await twilio.call('demo', plan, yes);
    expect(server.seen).toHaveLength(1);
  });

  it('renewed credentials are those of the next call', async () => {
    server.reply = (_request, response) => response.writeHead(201).end(created);
    await twilio.call('demo', plan, yes);
    const renewed = { sid, username: 'SKkey', password: 'new', baseUrl: 'http://127.0.0.1', maxInFlight: 1 };
    twilio.renew([
      { ...renewed, name: 'demo' },
      { ...renewed, name: 'other' },
    ]);
    await twilio.call('demo', plan, yes);
    expect(server.seen.map(({ headers }) => Buffer.from(headers.authorization?.slice(6) ?? '', 'base64').toString())).toEqual([
      'SKkey:secret',
      'SKkey:new',
    ]);
    expect(await twilio.call('other', plan, yes)).toEqual({ kind: 'gate', reason: 'unknown-account' });
  });

  it('gives every API the one base URL, by path', async () => {
    server.reply = (_request, response) => response.writeHead(200).end('{"valid":true}');
    await twilio.call('demo', { api: 'lookup', method: 'GET', path: '/v2/PhoneNumbers/%2B15005550009?Fields=validation', form: [] }, yes);
    expect(server.seen[0]).toMatchObject({ method: 'GET', url: '/v2/PhoneNumbers/%2B15005550009?Fields=validation', body: '' });
  });

  it("serves the SDK's own resources over the same transport, with its error types", async () => {
    server.reply = (_request, response) => response.writeHead(201).end(created);
    const message = await twilio.sdkOf('demo')?.messages.create({ to: '+15005550009', from: '+15005550006', mediaUrl: ['a', 'b'] });
    expect(message?.sid).toMatch(/^SM1/);
    expect(new URLSearchParams(server.seen[0]?.body).getAll('MediaUrl')).toEqual(['a', 'b']);
    server.reply = (_request, response) => response.writeHead(400).end('{"code":21211,"message":"bad","status":400}');
    await expect(twilio.sdkOf('demo')?.messages.create({ to: 'x', from: 'y' })).rejects.toMatchObject({ status: 400, code: 21211 });
  });
});

describe('a call that wrote nothing says so', () => {
  it('refused', async () => {
    const twilio = portOver('http://127.0.0.1:1');
    expect(await twilio.call('demo', plan, yes)).toEqual({ kind: 'network', stage: 'connection-refused' });
    await twilio.stop();
  });

  it('a TLS handshake that never ends is a connect timeout', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const twilio = portOver(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`, 200);
    expect(await twilio.call('demo', plan, yes)).toEqual({ kind: 'network', stage: 'connect-timeout' });
    await twilio.stop();
    sockets.forEach((socket) => socket.destroy());
    silent.close();
  });

  it('a peer that does not speak TLS', async () => {
    const server = new CountingServer();
    const twilio = portOver((await server.listen()).replace('http:', 'https:'));
    expect(await twilio.call('demo', plan, yes)).toEqual({ kind: 'network', stage: 'tls' });
    await twilio.stop();
    await server.close();
  });

  it('an account without settings', async () => {
    const twilio = portOver('http://127.0.0.1:1');
    expect(await twilio.call('other', plan, yes)).toEqual({ kind: 'gate', reason: 'unknown-account' });
    await twilio.stop();
  });
});
