import { afterEach, expect, it } from '@jest/globals';
import { AC, Caller, KEY, OTHER, basic, good, messages, until } from './caller.suite.ts';
import { isArrival } from './ledger-lines.ts';

let caller: Caller;

afterEach(() => caller.close());

it('answers with its headers', async () => {
  caller = await Caller.of();
  expect((await caller.post()).headers).toMatchObject({
    'content-type': 'application/json;charset=utf-8',
    'twilio-request-id': expect.stringMatching(/^RQ[0-9a-f]{32}$/),
    'twilio-concurrent-requests': '1',
    'twilio-request-duration': expect.stringMatching(/^\d+\.\d{3}$/),
    'x-home-region': 'us1',
    'x-api-domain': 'api.twilio.com',
  });
});

it('never dedupes: two identical requests are two messages', async () => {
  caller = await Caller.of();
  const [first, second] = [await caller.post(), await caller.post()];
  expect(first?.json.sid).not.toBe(second?.json.sid);
  expect(caller.simulator.summary().accepted).toBe(2);
});

it('lets in an account or a key with a secret, and nobody else', async () => {
  caller = await Caller.of();
  const as = async (authorization: string) => {
    const { status, json } = await caller.send(messages, { form: good, authorization });
    return [status, json.code];
  };
  expect(await as(basic(AC, 'anything'))).toEqual([201, undefined]);
  expect(await as(basic(KEY, 'secret'))).toEqual([201, undefined]);
  expect(await as(basic(AC, ''))).toEqual([401, 20003]);
  expect(await as('')).toEqual([401, 20003]);
  expect(await as(basic('someone', 'secret'))).toEqual([401, 20003]);
  expect(await as(basic(OTHER, 'token'))).toEqual([404, 20404]);
});

it('with configured users a wrong secret or a foreign account is refused', async () => {
  caller = await Caller.of({ users: { [AC]: { secret: 'right' }, [KEY]: { secret: 'key', account: OTHER } } });
  const code = async (authorization: string) => (await caller.send(messages, { form: good, authorization })).json.code;
  expect(await code(basic(AC, 'right'))).toBeUndefined();
  expect(await code(basic(AC, 'wrong'))).toBe(20003);
  expect(await code(basic(OTHER, 'right'))).toBe(20003);
  expect(await code(basic(KEY, 'key'))).toBe(20404);
});

it('a key counts for the account of the first path it opened', async () => {
  caller = await Caller.of();
  const authorization = basic(KEY, 'secret');
  await caller.send(messages, { form: good, authorization });
  await caller.send('/v2/PhoneNumbers/%2B15005551234', { authorization });
  expect((await caller.simulator.ledger()).filter(isArrival).map((line) => line.account)).toEqual([AC, AC]);
});

it('an unknown path is not found, a wrong method is not allowed, a huge body is too large', async () => {
  caller = await Caller.of({ maxBodyBytes: 1000 });
  expect((await caller.send('/2010-04-01/Nothing.json')).json.code).toBe(20404);
  expect((await caller.send('/v2/PhoneNumbers/%2B15005551234', { form: good })).status).toBe(405);
  expect((await caller.post({ ...good, Body: 'x'.repeat(2000) })).status).toBe(413);
  expect(caller.simulator.summary().requests).toBe(3);
});

it('above the cap it answers 429 / 20429 and has processed nothing', async () => {
  caller = await Caller.of({ settings: { cap: 5, latency: { medianMs: 1_000, p99Ms: 1_000 } } });
  const replies = await Promise.all(Array.from({ length: 12 }, () => caller.post()));
  expect(replies.filter((reply) => reply.status === 201)).toHaveLength(5);
  expect(replies.filter((reply) => reply.status === 429 && reply.json.code === 20429)).toHaveLength(7);
  expect(caller.simulator.summary()).toMatchObject({ accepted: 5, maxConcurrent: 5 });
  expect((await caller.post()).status).toBe(201);
});

it('a caller who leaves early has still been served', async () => {
  caller = await Caller.of({ settings: { latency: { medianMs: 1_500, p99Ms: 1_500 } } });
  const leaving = new AbortController();
  const gone = caller.send(messages, { form: good, signal: leaving.signal }).catch(() => 'gone');
  await until(() => caller.simulator.summary().inFlight === 1);
  leaving.abort();
  expect(await gone).toBe('gone');
  await caller.idle();
  expect(caller.simulator.summary()).toMatchObject({ accepted: 1, statuses: { none: 1 } });
});
