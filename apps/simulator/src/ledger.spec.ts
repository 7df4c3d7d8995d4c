import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { AC, Caller, good, messages, until } from './caller.suite.ts';
import { type LedgerLine, isArrival } from './ledger-lines.ts';

const ended = (lines: readonly LedgerLine[]) => lines.filter((line) => !isArrival(line));
const parsed = (text: string): LedgerLine[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LedgerLine);

let caller: Caller;

afterEach(() => caller.close());

it('has an arrival before its end for every request, in order, also of refused ones', async () => {
  caller = await Caller.of();
  const sent = await Promise.all(Array.from({ length: 50 }, (_, at) => caller.post(at % 5 === 0 ? { ...good, From: '' } : good)));
  const lines = await caller.simulator.ledger();
  const arrivals = lines.filter(isArrival);
  expect(arrivals.map((line) => line.seq)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
  const instants = arrivals.map((line) => line.arrivedAtUs);
  expect(instants).toEqual(instants.toSorted((a, b) => a - b));
  for (const end of ended(lines)) {
    expect(lines.findIndex((line) => line.seq === end.seq && isArrival(line))).toBeLessThan(lines.indexOf(end));
  }
  expect(ended(lines)).toHaveLength(50);
  expect(caller.simulator.summary()).toMatchObject({
    requests: 50,
    accepted: 40,
    statuses: { 201: 40, 400: 10 },
    codes: { 21603: 10 },
    worstSecond: 50,
  });
  expect(sent.filter((reply) => reply.status === 201)).toHaveLength(40);
});

it('tells what arrived and what came of it', async () => {
  caller = await Caller.of();
  const reply = await caller.post({ ...good, StatusCallback: 'https://example.com/status?a=x%231', MediaUrl: 'https://example.com/a.png' });
  const [arrival, end] = await caller.simulator.ledger();
  expect(arrival).toEqual({
    seq: 1,
    arrivedAtUs: expect.any(Number),
    account: AC,
    method: 'POST',
    path: messages,
    params: { ...good, StatusCallback: 'https://example.com/status?a=x%231', MediaUrl: 'https://example.com/a.png' },
    callbackUrl: 'https://example.com/status?a=x%231',
    ip: '127.0.0.1',
  });
  expect(end).toEqual({ seq: 1, status: 201, code: null, sid: reply.json.sid, endedAtUs: expect.any(Number) });
});

it('GET /ledger streams every line so far, or those above a number', async () => {
  caller = await Caller.of();
  for (let at = 0; at < 3; at += 1) await caller.post();
  expect(parsed((await caller.send('/ledger')).text)).toEqual(await caller.simulator.ledger());
  expect(parsed((await caller.send('/ledger?since=2')).text).map((line) => line.seq)).toEqual([3, 3]);
  expect((await caller.send('/ledger?since=x')).status).toBe(400);
});

it('is continued by the next run: numbers go on, totals are folded again, a line cut short is dropped', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-spec-'));
  const ledgerPath = join(folder, 'sub', 'ledger.ndjson');
  caller = await Caller.of({ ledgerPath });
  await caller.post();
  await caller.post({ ...good, To: '+15005550004' });
  await caller.simulator.stop();
  const whole = readFileSync(ledgerPath, 'utf8');
  writeFileSync(ledgerPath, `${whole}{"seq":3,"arrived`);
  caller = await Caller.of({ ledgerPath });
  await caller.post();
  expect(caller.simulator.summary()).toMatchObject({ requests: 3, accepted: 2, statuses: { 201: 2, 400: 1 }, inFlight: 0 });
  await caller.simulator.stop();
  expect(readFileSync(ledgerPath, 'utf8').startsWith(whole)).toBe(true);
  expect(parsed(readFileSync(ledgerPath, 'utf8')).map((line) => line.seq)).toEqual([1, 1, 2, 2, 3, 3]);
  rmSync(folder, { recursive: true });
});

it('a stop in the middle still ends every line, with what had been accepted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-spec-'));
  const ledgerPath = join(folder, 'ledger.ndjson');
  caller = await Caller.of({ ledgerPath });
  await caller.arm({ action: { type: 'hang', when: 'after' } });
  const hanging = caller.post().catch(() => 'cut');
  await until(() => caller.simulator.summary().inFlight === 1);
  await caller.simulator.stop();
  expect(await hanging).toBe('cut');
  expect(parsed(readFileSync(ledgerPath, 'utf8'))[1]).toMatchObject({
    seq: 1,
    status: null,
    sid: expect.stringMatching(/^SM/),
    fault: 'hang',
  });
  rmSync(folder, { recursive: true });
});
