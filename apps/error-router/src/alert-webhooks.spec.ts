import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { AlertMessage } from '@paceline/domain/alerting';
import { createLogger, Secret, type WebhookSettings } from '@paceline/runtime';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { AlertWebhooks, type AlertWebhooksOptions } from './alert-webhooks.ts';

const secretPath = '/services/T000/secret-path';

const schema = readFileSync(new URL('../../../docs/reference/schemas/alert.schema.json', import.meta.url), 'utf8');
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(schema) as object);

const message = (over: Partial<AlertMessage> = {}): AlertMessage => ({
  ...{ alert: 'breaker-open', scope: 'account:demo', account: 'demo', value: 1, threshold: 0, text: 'account demo: its breaker is open' },
  ...{ notice: 'raised', since: 1_800_000_000_000_000, at: 1_800_000_000_000_000, reached: [] },
  ...over,
});

interface Post {
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

describe('webhooks', () => {
  let server: Server;
  let base: string;
  let answer: (response: ServerResponse, post: number) => void;
  let posts: Post[];
  let logged: string;
  let results: string[];
  let waits: number[];
  let reached: number[];
  const has = (webhook: number): void => void reached.push(webhook);
  let webhooks: AlertWebhooks | null;

  beforeEach(async () => {
    [posts, results, waits, reached, logged, webhooks] = [[], [], [], [], '', null];
    answer = (response) => response.end('ok');
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        posts.push({ headers: request.headers, body: JSON.parse(text) as Post['body'] });
        answer(response, posts.length);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    await webhooks?.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const hook = (over: Partial<WebhookSettings> = {}): WebhookSettings => ({
    url: new Secret(`${base}${secretPath}`),
    shape: 'generic',
    headers: {},
    ...over,
  });

  function open(hooks: readonly WebhookSettings[], over: Partial<AlertWebhooksOptions> = {}): AlertWebhooks {
    const destination = new Writable({
      write(chunk: Buffer, _encoding, done) {
        logged += chunk.toString();
        done();
      },
    });
    webhooks = new AlertWebhooks({
      webhooks: hooks,
      metrics: { posted: (result) => results.push(result) },
      logger: createLogger({ service: 'error-router', instance: 'x', level: 'info', destination }),
      pause: (ms) => Promise.resolve(waits.push(ms)),
      ...over,
    });
    return webhooks;
  }

  test('a message is posted to each in its shape, with its headers', async () => {
    const told = await open([hook({ headers: { Authorization: new Secret('Bearer t') } }), hook({ shape: 'slack' })]).tell(message(), has);
    expect(told).toBe('told');
    const generic = posts.find(({ body }) => 'schemaVersion' in body);
    const slack = posts.find(({ body }) => !('schemaVersion' in body));
    expect(generic?.headers).toMatchObject({ authorization: 'Bearer t', 'content-type': 'application/json' });
    expect(generic?.body).toMatchObject({ schemaVersion: 1, alert: 'breaker-open', state: 'raised', account: 'demo', value: 1 });
    expect([validate(generic?.body), validate.errors]).toEqual([true, null]);
    expect(slack?.body).toEqual({ text: '[raised] breaker-open: account demo: its breaker is open' });
    expect(results).toEqual(['delivered', 'delivered']);
  });

  test.each([500, 503, 429, 408])('an answer of %i is tried again, each time after a longer wait', async (status) => {
    answer = (response, post) => response.writeHead(post < 3 ? status : 200).end();
    expect(await open([hook()]).tell(message(), has)).toBe('told');
    expect(posts).toHaveLength(3);
    expect(waits).toEqual([1_000, 4_000]);
    expect(results).toEqual(['delivered']);
  });

  test.each([400, 404, 302])(
    'an answer of %i will not change: it is given up at once, counted and logged without its URL',
    async (status) => {
      answer = (response) => response.writeHead(status, { location: `${base}/elsewhere` }).end();
      await open([hook()]).tell(message(), has);
      expect(posts).toHaveLength(1);
      expect(results).toEqual(['failed']);
      expect(logged).toContain(`"why":"${status}"`);
      expect(logged).not.toContain('secret-path');
    },
  );

  test('after four tries it is given up', async () => {
    answer = (response) => response.writeHead(500).end();
    expect(await open([hook()]).tell(message(), has)).toBe('told');
    expect(posts).toHaveLength(4);
    expect(results).toEqual(['failed']);
  });

  test('nobody listening is a failure like another, and the log names neither host nor path', async () => {
    const url = new Secret(`http://127.0.0.1:9${secretPath}`);
    expect(await open([hook({ url })]).tell(message(), has)).toBe('told');
    expect(results).toEqual(['failed']);
    expect(logged).toContain('ECONNREFUSED');
    expect(logged).not.toContain('127.0.0.1');
  });

  test('an answer that does not come is waited for so long', async () => {
    answer = () => undefined;
    expect(await open([hook()], { timeoutMs: 30, backoffMs: [1] }).tell(message(), has)).toBe('told');
    expect(posts).toHaveLength(2);
    expect(results).toEqual(['failed']);
  });

  test('a webhook that hangs holds up no other one', async () => {
    const other = hook({ headers: { 'x-other': new Secret('yes') } });
    let taken: (() => void) | undefined;
    const otherTaken = new Promise<void>((resolve) => (taken = resolve));
    answer = (response, post) => {
      if (posts[post - 1]?.headers['x-other'] !== 'yes') return;
      response.end();
      taken?.();
    };
    void open([hook(), other]).tell(message(), has);
    await otherTaken;
    expect(posts.length).toBeLessThanOrEqual(2);
  });

  test('each that has a message is named, and one that has it already is not told again', async () => {
    answer = (response, post) => response.writeHead(posts[post - 1]?.headers['x-other'] === 'yes' ? 500 : 200).end();
    const other = hook({ headers: { 'x-other': new Secret('yes') } });
    const two: AlertWebhooks = open([hook(), other], { pause: () => two.stop() });
    expect(await two.tell(message(), has)).toBe('stopped');
    expect(reached).toEqual([0]);
    const next = open([hook(), other]);
    answer = (response) => response.end();
    expect(await next.tell(message({ reached }), () => undefined)).toBe('told');
    expect(posts.filter(({ headers }) => headers['x-other'] === undefined)).toHaveLength(1);
  });

  test('when too many wait, the newest are dropped and counted', async () => {
    answer = () => undefined;
    const line = open([hook()]);
    const held = Array.from({ length: 50 }, () => line.tell(message(), has));
    expect(await line.tell(message(), has)).toBe('told');
    expect(results).toEqual(['dropped']);
    await line.stop();
    expect(new Set(await Promise.all(held))).toEqual(new Set(['stopped']));
  });

  test('stopping ends the tries: the message is for the next owner to tell', async () => {
    answer = (response) => response.writeHead(500).end();
    const stopping: AlertWebhooks = open([hook()], { pause: () => stopping.stop() });
    expect(await stopping.tell(message(), has)).toBe('stopped');
    expect(results).toEqual([]);
  });
});
