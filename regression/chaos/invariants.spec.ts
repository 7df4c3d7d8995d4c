import { invariants, judge, type ChaosHistory, type Invariant } from './invariants.ts';
import { callsOf } from './ledger-calls.ts';

const second = 1_000_000;
const row = { requestId: 'r1', to: '+15002000001', expiresAt: null, suppressed: false };
const other = { requestId: 'r2', to: 'nobody-2', expiresAt: null, suppressed: false };
const named = { account: 'demo', requestId: 'r1', attempt: 1, number: 1 };
const call = { to: row.to, attemptId: 'r1#1', at: 5 * second, status: 201, accepted: true };

/** One row that was accepted and one that was refused. */
const sound: ChaosHistory = {
  account: 'demo',
  callsPerSecond: 10,
  files: [{ name: 'rows-1.csv', batchId: 'b1', rows: [row, other] }],
  rows: new Set(['r1']),
  refusals: [{ requestId: 'r2', code: 'invalid-to' }],
  reads: [{ batchId: 'b1', rows: 2, admitted: 1, refused: 1 }],
  slots: [{ ...named, lane: 'messages', era: 1, slotAt: 5 * second, segments: 1 }],
  returns: [],
  claims: [{ ...named, sender: 'sender-1', partition: 0, deadline: 6 * second }],
  responses: [{ ...named, class: 'ACCEPTED', calledAt: 5 * second, recordedMs: 5_100 }],
  outcomes: [{ requestId: 'r1', outcome: 'accepted', reason: 'accepted', recordedMs: 5_200 }],
  arrivals: [{ ...named, at: 5 * second, accepted: true, answered: true }],
  calls: [call],
  suppressedAt: new Map(),
};

const broken = (history: Partial<ChaosHistory>): Invariant[] => {
  const { violations } = judge({ ...sound, ...history });
  return (Object.keys(invariants) as Invariant[]).filter((name) => violations[name].length > 0);
};

describe('the judge of the kill matrix', () => {
  it('finds nothing in a sound run', () => {
    expect(judge(sound)).toMatchObject({ rows: 2, lost: 0, doubled: 0, doubts: 0, calls: 1 });
    expect(broken({})).toEqual([]);
  });

  it.each<[string, Partial<ChaosHistory>, Invariant[]]>([
    ['a row without an outcome', { outcomes: [] }, ['I1']],
    ['a row with two outcomes', { outcomes: [...sound.outcomes, ...sound.outcomes] }, ['I1']],
    ['a refused row that has no refusal on record', { refusals: [] }, ['I1']],
    ['a call after one that was accepted', { calls: [call, { ...call, attemptId: 'r1#1' }] }, ['I2']],
    ['a call after one without an answer', { calls: [{ ...call, status: null, accepted: false }, call] }, ['I2']],
    ['a call without a claim', { claims: [] }, ['I3']],
    ['a call to another recipient than the row has', { calls: [{ ...call, to: '+15009999999' }] }, ['I3']],
    ['a slot that nobody was admitted for', { slots: [...sound.slots, { ...sound.slots[0]!, requestId: 'r9', number: 2 }] }, ['I3']],
    ['a slot number that was granted twice', { slots: [...sound.slots, ...sound.slots] }, ['I3']],
    ['more slots in a second than the limit', { slots: manySlots(11) }, ['I3', 'I4']],
    ['a call to who is suppressed', { suppressedAt: new Map([[row.to, 2 * second]]) }, ['I5']],
    ['a call after expiry', { files: [{ ...sound.files[0]!, rows: [{ ...row, expiresAt: 3 * second }, other] }] }, ['I5']],
    ['a file whose end was told twice', { reads: [...sound.reads, ...sound.reads] }, ['I6']],
    ['a file whose end was told with other numbers', { reads: [{ ...sound.reads[0]!, rows: 3 }] }, ['I6']],
    ['accepted, which the server never did', { arrivals: [], calls: [] }, ['I6']],
    ['unknown with an answer on record', { outcomes: [{ requestId: 'r1', outcome: 'unknown', reason: 'x', recordedMs: 99_000 }] }, ['I6']],
  ])('tells of %s', (_, history, names) => {
    expect(broken(history)).toEqual(names);
  });

  it('lets a throttled call be followed by another', () => {
    const again = { ...call, attemptId: 'r1#2', at: 6 * second };
    const throttled = { ...call, status: 429, accepted: false };
    expect(judge({ ...sound, calls: [throttled, again] }).doubled).toBe(0);
    expect(broken({ calls: [throttled, call] })).toEqual(['I2']);
  });
});

function manySlots(count: number): ChaosHistory['slots'] {
  return Array.from({ length: count }, (_, n) => ({ ...sound.slots[0]!, number: n + 1, slotAt: 5 * second + n }));
}

it('a line of the ledger without an end is a call without an answer', () => {
  const line = { seq: 1, arrivedAtUs: 7, params: { To: '+1' }, callbackUrl: 'http://x/twilio/status?a=r1%231' };
  expect(callsOf([line])).toEqual([{ to: '+1', attemptId: 'r1#1', at: 7, status: null, accepted: false }]);
  expect(callsOf([line, { seq: 1, status: 201, sid: 'SM1' }])).toMatchObject([{ status: 201, accepted: true }]);
});
