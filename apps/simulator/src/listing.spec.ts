import { afterEach, expect, it } from '@jest/globals';
import { AC, Caller, OTHER, basic, good, messages } from './caller.suite.ts';

let caller: Caller;

afterEach(() => caller.close());

const list = async (query: string) =>
  (await caller.send(`${messages}?${query}`)).json as unknown as { messages: { sid: string }[]; next_page_uri: string };

it('filter by To, From and day, newest first', async () => {
  caller = await Caller.of();
  const sids: string[] = [];
  for (const form of [good, { ...good, To: '+15005555678' }, { ...good, From: '+15005559999' }])
    sids.push((await caller.post(form)).json.sid ?? '');
  const today = new Date().toISOString().slice(0, 10);
  const found = async (query: string) => (await list(query)).messages.map((message) => sids.indexOf(message.sid));
  expect(await found('')).toEqual([2, 1, 0]);
  expect(await found('To=%2B15005551234')).toEqual([2, 0]);
  expect(await found('To=%2B15005551234&From=%2B15005550006')).toEqual([0]);
  expect(await found(`DateSent%3E=${today}`)).toEqual([2, 1, 0]);
  expect(await found(`DateSent=2001-01-01`)).toEqual([]);
  expect(await found(`DateSent%3C=2001-01-01`)).toEqual([]);
});

it('pages lead through every record once, also while new ones arrive', async () => {
  caller = await Caller.of();
  const sids: string[] = [];
  for (let at = 0; at < 7; at += 1) sids.unshift((await caller.post()).json.sid ?? '');
  let page = await list('PageSize=3&To=%2B15005551234');
  const seen = page.messages.map((message) => message.sid);
  while (page.next_page_uri !== null) {
    await caller.post();
    page = (await caller.send(page.next_page_uri)).json as unknown as typeof page;
    seen.push(...page.messages.map((message) => message.sid));
  }
  expect(seen).toEqual(sids);
});

it('a single one is found by its SID, in its own account only', async () => {
  caller = await Caller.of();
  const { sid } = (await caller.post()).json;
  expect((await caller.send(`/2010-04-01/Accounts/${AC}/Messages/${sid}.json`)).json.sid).toBe(sid);
  const foreign = await caller.send(`/2010-04-01/Accounts/${OTHER}/Messages/${sid}.json`, { authorization: basic(OTHER, 'token') });
  expect(foreign.status).toBe(404);
});

it('can lag behind, as Twilio does', async () => {
  caller = await Caller.of({ settings: { listDelayMs: 60_000 } });
  await caller.post();
  expect((await list('')).messages).toEqual([]);
});
