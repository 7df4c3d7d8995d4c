import { afterEach, expect, it } from '@jest/globals';
import { Caller, type Reply, good } from './caller.suite.ts';

let caller: Caller;

afterEach(() => caller.close());

const state = async () => ({ ...((await caller.simulator.ledger()).at(-1) as object), accepted: caller.simulator.summary().accepted });
const first = (await_: Promise<Reply>): Promise<Reply | string> =>
  await_.catch((error: Error & { code?: string }) => error.code ?? error.message);

it('an unknown action is refused with the known ones', async () => {
  caller = await Caller.of();
  const reply = await caller.arm({ action: { type: 'explode' } });
  expect([reply.status, reply.json['known']]).toEqual([
    400,
    expect.arrayContaining(['status', 'hang', 'reset', 'no-sid', 'html', 'truncated']),
  ]);
  expect((await caller.arm({ action: { type: 'status', status: 'x' } })).status).toBe(400);
});

it('a status before processing: nothing is accepted, and Retry-After has the form asked for', async () => {
  caller = await Caller.of();
  await caller.arm({ action: { type: 'status', status: 503, code: 20503, retryAfter: { form: 'seconds', seconds: 7 } } });
  const reply = await caller.post();
  expect([reply.status, reply.json.code, reply.headers['retry-after']]).toEqual([503, 20503, '7']);
  expect(await state()).toMatchObject({ status: 503, code: 20503, sid: null, accepted: 0, fault: 'status' });
});

it('a status after processing: it was accepted all the same', async () => {
  caller = await Caller.of();
  await caller.arm({ action: { type: 'status', status: 500, code: 20500, when: 'after' } });
  expect((await caller.post()).status).toBe(500);
  expect(await state()).toMatchObject({ status: 500, sid: expect.stringMatching(/^SM/), accepted: 1 });
});

it('a rule hits only what it matches, only so often, and is gone when deleted', async () => {
  caller = await Caller.of();
  await caller.arm({ rules: [{ match: { toSuffix: '34', path: 'Messages' }, action: { type: 'html' }, count: 1 }] });
  expect((await caller.post({ ...good, To: '+15005555678' })).status).toBe(201);
  const html = await caller.post();
  expect([html.status, html.headers['content-type']]).toEqual([502, 'text/html']);
  expect((await caller.post()).status).toBe(201);
  await caller.arm([{ action: { type: 'html' } }]);
  await caller.send('/_sim/faults', { method: 'DELETE' });
  expect((await caller.post()).status).toBe(201);
});

it('a rule has its time', async () => {
  caller = await Caller.of();
  await caller.arm({ match: { fromMs: 3_600_000 }, action: { type: 'html' } });
  await caller.arm({ match: { untilMs: 0 }, action: { type: 'html' } });
  expect((await caller.post()).status).toBe(201);
});

it('an answer without a sid', async () => {
  caller = await Caller.of();
  await caller.arm({ action: { type: 'no-sid' } });
  const reply = await caller.post();
  expect([reply.status, reply.json.sid]).toEqual([201, undefined]);
  expect(await state()).toMatchObject({ status: 201, sid: expect.stringMatching(/^SM/) });
});

it.each(['before-response', 'after-status-line', 'mid-response'])('a reset %s is a broken connection', async (at) => {
  caller = await Caller.of();
  await caller.arm({ action: { type: 'reset', at }, count: 1 });
  expect(await first(caller.post())).toMatch(/ECONNRESET|UND_ERR_SOCKET|terminated|other side/);
  await caller.idle();
  expect(await state()).toMatchObject({ status: at === 'before-response' ? null : 201, accepted: 1 });
  expect((await caller.post()).status).toBe(201);
});

it('a truncated body is a broken connection', async () => {
  caller = await Caller.of();
  await caller.arm({ action: { type: 'truncated' }, count: 1 });
  expect(typeof (await first(caller.post()))).toBe('string');
  await caller.idle();
  expect(await state()).toMatchObject({ status: 201, accepted: 1 });
});

it('a hang before processing lasts until it is reset, and accepts nothing', async () => {
  caller = await Caller.of();
  await caller.arm({ action: { type: 'hang', forMs: 30 } });
  expect(typeof (await first(caller.post()))).toBe('string');
  await caller.idle();
  expect(await state()).toMatchObject({ status: null, sid: null, accepted: 0 });
});

it('a dripping body and a compressed one arrive whole', async () => {
  caller = await Caller.of();
  await caller.arm([
    { action: { type: 'drip', bytes: 400, everyMs: 1 }, count: 1 },
    { action: { type: 'gzip-bomb', megabytes: 1 }, count: 1 },
  ]);
  expect((await caller.post()).json.sid).toMatch(/^SM/);
  expect((await caller.post()).headers['content-encoding']).toBe('gzip');
});
