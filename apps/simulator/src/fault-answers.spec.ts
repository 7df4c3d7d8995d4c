import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Caller, good } from './caller.suite.ts';
import { faultAnswers } from './fault-answers.ts';
import { retryAfterText } from './fault-bodies.ts';

let caller: Caller;

beforeEach(async () => {
  caller = await Caller.of();
});
afterEach(() => caller.close());

const last = async () => ({ ...((await caller.simulator.ledger()).at(-1) as object), accepted: caller.simulator.summary().accepted });
const broken = (): Promise<string> =>
  caller.post().then(
    ({ status }) => String(status),
    (error: Error & { code?: string }) => error.code ?? error.message,
  );

describe('an answer of a code', () => {
  it.each(Object.entries(faultAnswers))("%s has Twilio's status, and is in the ledger", async (code, { status }) => {
    await caller.arm({ action: { type: 'code', code: Number(code) } });
    const reply = await caller.post();
    expect([reply.status, reply.json]).toEqual([status, expect.objectContaining({ code: Number(code), status })]);
    expect(await last()).toMatchObject({ status, code: Number(code), sid: null, accepted: 0 });
  });

  it('comes in each of the error bodies, before or after processing', async () => {
    await caller.arm([
      { action: { type: 'code', code: 21610, form: 'problem' }, count: 1 },
      { action: { type: 'code', code: 21610, form: 'list', when: 'after' }, count: 1 },
    ]);
    expect((await caller.post()).json).toMatchObject({ code: 21610, title: expect.any(String) });
    expect((await caller.post()).json).toMatchObject({ errors: [{ code: 21610 }] });
    expect(await last()).toMatchObject({ sid: expect.stringMatching(/^SM/), accepted: 1 });
  });

  it('is refused when nobody knows it', async () => {
    expect((await caller.arm({ action: { type: 'code', code: 1 } })).status).toBe(400);
  });
});

it.each([
  ['seconds', '7'],
  ['fraction', '7.5'],
  ['http-date', 'Thu, 01 Jan 1970 00:00:07 GMT'],
  ['past-date', 'Wed, 31 Dec 1969 23:59:53 GMT'],
  ['negative', '-7'],
  ['huge', '99999999999999999999'],
  ['empty', ''],
  ['garbage', 'soon'],
] as const)('Retry-After as %s', async (form, text) => {
  expect(retryAfterText({ form, seconds: 7 }, 0)).toBe(text);
  await caller.arm({ action: { type: 'code', code: 20429, retryAfter: { form, seconds: 7 } } });
  const reply = await caller.post();
  expect([reply.status, typeof reply.headers['retry-after']]).toEqual([429, 'string']);
});

describe('a body that is not the resource, of a request that was processed:', () => {
  it.each(['empty', 'html', 'cut-json', 'list', 'other-sid', 'huge', 'unknown-encoding'] as const)('%s', async (form) => {
    await caller.arm({ action: { type: 'body', form, megabytes: 1 } });
    const reply = await caller.post();
    expect([reply.status, /^SM/.test(reply.json.sid ?? '') && form !== 'unknown-encoding']).toEqual([201, false]);
    expect(await last()).toMatchObject({ status: 201, sid: expect.stringMatching(/^SM/), accepted: 1 });
  });

  it('bad-gzip', async () => {
    await caller.arm({ action: { type: 'body', form: 'bad-gzip' } });
    expect((await caller.post()).headers['content-encoding']).toBe('gzip');
  });
});

describe('a connection that ends before the request was processed:', () => {
  it('connect: nothing arrives, and the next connection stands', async () => {
    await caller.arm({ action: { type: 'reset', at: 'connect' }, count: 1 });
    const fresh = Caller.to(caller.simulator);
    expect(await fresh.post().catch(() => 'broken')).toBe('broken');
    await fresh.hangUp();
    expect(caller.simulator.summary().requests).toBe(0);
    expect((await caller.post()).status).toBe(201);
  });

  it('connect is never armed without an end, nor for what is not known then', async () => {
    const arm = async (rule: object) => (await caller.arm(rule)).status;
    expect(await arm({ action: { type: 'reset', at: 'connect' } })).toBe(400);
    expect(await arm({ match: { toSuffix: '1' }, action: { type: 'reset', at: 'connect' }, count: 1 })).toBe(400);
    expect(await arm({ match: { toSuffix: '1' }, action: { type: 'reset', at: 'mid-request' } })).toBe(400);
  });

  it('mid-request: it has arrived, without parameters, and nothing was accepted', async () => {
    await caller.arm({ match: { path: 'Messages' }, action: { type: 'reset', at: 'mid-request' }, count: 1 });
    expect(await broken()).not.toMatch(/^\d/);
    expect(await last()).toMatchObject({ status: null, sid: null, fault: 'reset', accepted: 0 });
    expect((await caller.post()).status).toBe(201);
  });

  it.each(['fin', 'reset'])('keep-alive race by %s: only on a connection that was used before', async (by) => {
    const fresh = Caller.to(caller.simulator);
    await caller.arm({ match: { toSuffix: '34' }, action: { type: 'keep-alive-race', by }, count: 1 });
    expect((await fresh.post()).status).toBe(201);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(fresh.post()).rejects.toThrow();
    await caller.idle();
    expect(await last()).toMatchObject({ status: null, sid: null, fault: 'keep-alive-race', accepted: 1 });
    expect((await fresh.post({ ...good, To: '+15005559999' })).status).toBe(201);
    await fresh.hangUp();
  });
});
