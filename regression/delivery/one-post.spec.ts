// Nothing below us ever makes a call a second time: not the SDK, not the pool, not the socket. Counted where it counts,
// at the server: many calls at once over few connections, each fault at each of them.
import { CallBench, requestOf, type Fault } from './call-bench.ts';

let bench: CallBench;

beforeAll(async () => {
  bench = await CallBench.create();
});
afterEach(() => bench.hangUp());
afterAll(() => bench.dispose());

const calls = 12;
const reset = (at: string): Fault => ({ action: { type: 'reset', at } });

const faults: readonly (readonly [string, Fault])[] = [
  ['a reset in the request', reset('mid-request')],
  ['a reset before the answer', reset('before-response')],
  ['a reset after the status line', reset('after-status-line')],
  ['a reset in the body', reset('mid-response')],
  ['a FIN in the body', { action: { type: 'truncated' } }],
  ['a kept connection that ends by FIN', { action: { type: 'keep-alive-race', by: 'fin' } }],
  ['a kept connection that is reset', { action: { type: 'keep-alive-race', by: 'reset' } }],
  ['500 after accepting', { action: { type: 'status', status: 500, when: 'after' } }],
  ['502 in HTML', { action: { type: 'html' } }],
  ['503 with Retry-After', { action: { type: 'code', code: 20503, retryAfter: { form: 'seconds', seconds: 0 } } }],
  ['504', { action: { type: 'status', status: 504 } }],
  ['429', { action: { type: 'code', code: 20429 } }],
  ['429 with Retry-After 0', { action: { type: 'code', code: 20429, retryAfter: { form: 'seconds', seconds: 0 } } }],
  ['408', { action: { type: 'status', status: 408 } }],
  ['401', { action: { type: 'code', code: 20003 } }],
  ['307 back to the same place', { action: { type: 'status', status: 307, headers: { Location: '/' } } }],
  ['no answer', { action: { type: 'hang' } }],
  ['a body that drips', { action: { type: 'drip', bytes: 1, everyMs: 100 } }],
];

const numberOf = (line: object): string | undefined => (line as { params?: { To?: string } }).params?.To;

async function arrivals(): Promise<readonly object[]> {
  return (await bench.simulator.ledger()).filter((line) => 'arrivedAtUs' in line);
}

/** Makes them all at once; how many wrote something, and who the server saw. */
async function burst(firstNumber: number): Promise<{ written: number; seen: readonly object[] }> {
  const before = (await arrivals()).length;
  const requests = Array.from({ length: calls }, (_, n) => requestOf('messages', firstNumber + n));
  const called = await Promise.all(requests.map((request) => bench.call(request)));
  await bench.settled();
  return { written: called.filter(({ answer }) => answer.bytesWritten > 0).length, seen: (await arrivals()).slice(before) };
}

describe('each of many calls arrives exactly once, or nothing of it was written:', () => {
  it.each(faults)('%s', async (_title, fault) => {
    await bench.arm();
    await Promise.all([1, 2, 3, 4].map((n) => bench.call(requestOf('messages', n))));
    await bench.arm(fault);
    const { written, seen } = await burst(100);
    const numbers = seen.map(numberOf).filter((to) => to !== undefined);
    expect(written).toBeGreaterThanOrEqual(4);
    expect([seen.length, new Set(numbers).size]).toEqual([written, numbers.length]);
  });

  it('connections that are reset as soon as they stand: at most once', async () => {
    await bench.arm({ action: { type: 'reset', at: 'connect' }, count: 6 });
    const { seen } = await burst(200);
    expect(new Set(seen.map(numberOf)).size).toBe(seen.length);
  });
});
