import { afterEach, expect, it } from '@jest/globals';
import { AC, Caller, OTHER, basic } from './caller.suite.ts';
import { isArrival } from './ledger-lines.ts';

let caller: Caller;

afterEach(() => caller.close());

it('is healthy and ready, and its own routes are not in the ledger', async () => {
  caller = await Caller.of();
  expect([
    (await caller.send('/healthz')).status,
    (await caller.send('/readyz')).status,
    (await caller.send('/_sim/nothing')).status,
  ]).toEqual([200, 200, 404]);
  expect((await caller.send('/_sim/summary')).json).toMatchObject({ requests: 0, byAccount: {} });
});

it('changes cap and latency while it runs, and keeps what is not named', async () => {
  caller = await Caller.of();
  const changed = await caller.send('/_sim/config', { json: { capByAccount: { [AC]: 0 } } });
  expect(changed.json).toMatchObject({ cap: 100, latency: { medianMs: 0 } });
  expect((await caller.post()).json.code).toBe(20429);
  expect((await caller.send('/_sim/config', { json: { cap: -1 } })).status).toBe(400);
  expect((await caller.send('/_sim/config', { json: { unknown: 1 } })).status).toBe(400);
});

it('an account above its cap is told when to come back, if it is set so', async () => {
  caller = await Caller.of({ settings: { cap: 0 } });
  expect((await caller.post()).headers['retry-after']).toBeUndefined();
  await caller.send('/_sim/config', { json: { retryAfterByAccount: { [AC]: { form: 'seconds', seconds: 3 } } } });
  expect((await caller.post()).headers['retry-after']).toBe('3');
});

it('tells the totals of each account', async () => {
  caller = await Caller.of();
  await caller.post();
  await caller.send('/v2/PhoneNumbers/%2B15005551234', { authorization: basic(OTHER, 'token') });
  const arrivals = (await caller.simulator.ledger()).filter(isArrival).map((line) => line.account);
  expect(arrivals).toEqual([AC, OTHER]);
  expect(caller.simulator.summary().byAccount).toMatchObject({ [AC]: { requests: 1, accepted: 1 }, [OTHER]: { requests: 1, accepted: 1 } });
});
