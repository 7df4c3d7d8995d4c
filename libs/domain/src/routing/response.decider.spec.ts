import {
  event,
  keyOf,
  ErrorTable,
  ruleVersion,
  type RequestClosed,
  type ResponseRecorded,
  type RetryScheduled,
  type SuppressionSet,
} from '@paceline/contracts';
import { aClaim, aRequest, aResponse, now, settings } from './builders.suite.ts';
import { ResponseDecider } from './response.decider.ts';

const decider = new ResponseDecider(settings);

function decide(response: Partial<ResponseRecorded>, claim = aClaim(), more: { asked?: number; random?: number } = {}) {
  const moment = { now, random: more.random ?? 0.5 };
  return decider.decide({ claim, asked: more.asked ?? 0 }, aResponse(response, claim), moment);
}

function one<T>(records: readonly { event: { type: string; data: unknown } }[], type: string): T {
  const found = records.filter(({ event }) => event.type === type);
  expect(found).toHaveLength(1);
  return found[0]?.event.data as T;
}
const closedBy = (...input: Parameters<typeof decide>) => one<RequestClosed>(decide(...input).records, 'RequestClosed');
const retryBy = (...input: Parameters<typeof decide>) => one<RetryScheduled>(decide(...input).records, 'RetryScheduled');
const lookup = (changes: Parameters<typeof aClaim>[0] = {}) => aClaim({ request: aRequest({ api: 'lookup' }), ...changes });

const rejected = (code: number | null, httpStatus = 400): Partial<ResponseRecorded> => ({ class: 'REJECTED', code, httpStatus, sid: null });
const throttled = (code: number | null = 20429): Partial<ResponseRecorded> => ({
  class: 'NOT_PROCESSED',
  httpStatus: 429,
  code,
  sid: null,
});
const notSent = (reason: string): Partial<ResponseRecorded> => ({ class: 'NOT_SENT', reason, httpStatus: null, sid: null, calledAt: null });

describe('the class table', () => {
  test('ACCEPTED is the outcome accepted, with SID and fields', () => {
    expect(closedBy({})).toMatchObject({
      ...{ outcome: 'accepted', reason: 'accepted', sid: 'SM1', fields: '{"sid":"SM1"}', attempts: 1, row: 7, externalId: 'ext-7' },
      ruleVersion,
    });
  });

  test('ACCEPTED_NO_SID is accepted too: never sent again', () => {
    expect(closedBy({ class: 'ACCEPTED_NO_SID', reason: 'no-sid', sid: null })).toMatchObject({
      ...{ outcome: 'accepted', reason: 'accepted-without-sid', sid: null },
    });
  });

  test('REJECTED is the outcome rejected, with code and the version of the table', () => {
    expect(closedBy(rejected(21612))).toMatchObject({
      ...{ outcome: 'rejected', reason: 'twilio-rejected', code: 21612, httpStatus: 400 },
      ruleVersion: expect.any(String),
    });
  });

  test('REJECTED by a redirect is a fault of the protocol', () => {
    expect(closedBy({ class: 'REJECTED', reason: 'redirect', httpStatus: 302 })).toMatchObject({ outcome: 'rejected', reason: 'protocol' });
  });

  test.each(['IN_DOUBT', 'UNCLASSIFIED'] as const)('%s is unknown with its evidence, never another attempt', (type) => {
    const closed = closedBy({ class: type, reason: 'server-error', httpStatus: 500, sid: null });
    expect(closed).toMatchObject({ outcome: 'unknown', reason: 'answer-in-doubt', httpStatus: 500 });
    expect(JSON.parse(closed.evidence ?? '')).toMatchObject({
      attemptId: 'r1#1',
      reason: 'server-error',
      httpStatus: 500,
      answeredAt: now,
    });
  });

  test('a doubt stays one even when its code would be retried', () => {
    expect(closedBy({ class: 'IN_DOUBT', reason: 'server-error', httpStatus: 503, code: 20429 })).toMatchObject({ outcome: 'unknown' });
  });

  test.each(['deadline-passed', 'gate-closed', 'no-place-in-flight', 'shutdown'])(
    'NOT_SENT by %s comes again at once, uncounted',
    (reason) => {
      const claim = aClaim({ attempt: 9, backoff: { throttles: 2, since: now - 1000 } });
      expect(retryBy(notSent(reason), claim)).toMatchObject({
        ...{ reason: 'gate', attempt: 10, notBefore: now, previous: 'r1#9', backoff: { throttles: 2, since: now - 1000 } },
      });
    },
  );

  test.each(['dns', 'connection-refused', 'connect-timeout', 'tls', 'not-written', 'something-new'])(
    'NOT_SENT by %s backs off',
    (reason) => {
      expect(retryBy(notSent(reason))).toMatchObject({
        reason: 'network',
        attempt: 2,
        notBefore: now + 100_000,
        backoff: { throttles: 1, since: now },
      });
    },
  );

  test.each(['unbuildable', 'unknown-account'])('NOT_SENT as %s is refused: trying again would change nothing', (reason) => {
    expect(closedBy(notSent(reason))).toMatchObject({ outcome: 'refused', reason });
  });

  test('NOT_PROCESSED backs off, never before Retry-After', () => {
    expect(retryBy(throttled())).toMatchObject({ reason: 'throttled', notBefore: now + 100_000, backoff: { throttles: 1, since: now } });
    expect(retryBy({ ...throttled(), retryAfterMs: 2_000 })).toMatchObject({ notBefore: now + 2_000_000 });
  });

  test('ACCOUNT_STOP holds the row and burns nothing', () => {
    expect(retryBy({ class: 'ACCOUNT_STOP', httpStatus: 401, code: 20003 })).toMatchObject({
      ...{ reason: 'account-stop', attempt: 2, notBefore: now + 5_000_000, backoff: { throttles: 0, since: null } },
    });
  });
});

describe('code first, status second', () => {
  test('21611 with status 400 parks, it does not reject', () => {
    expect(retryBy(rejected(21611))).toMatchObject({ reason: 'throttled', notBefore: now + 30_000_000 });
  });

  test('60205 with status 403 is about the row, not the account', () => {
    expect(closedBy({ class: 'ACCOUNT_STOP', httpStatus: 403, code: 60205 })).toMatchObject({ outcome: 'rejected', code: 60205 });
  });

  test('an account code with status 400 stops the account', () => {
    expect(retryBy(rejected(20005))).toMatchObject({ reason: 'account-stop' });
  });

  test('a Verify limit of one number is not replayed within its ten minutes', () => {
    expect(closedBy(throttled(60203))).toMatchObject({ outcome: 'rejected', reason: 'throttled-out', code: 60203, httpStatus: 429 });
  });
});

test('what the settings say of a code decides, and every decision names the table it was made by', () => {
  const table = ErrorTable.of([{ code: 21612, class: 'transient', action: 'retry-late', scope: 'none', delayMs: 7_000 }]);
  const own = new ResponseDecider({ ...settings, table });
  const claim = aClaim();
  const [again] = own.decide({ claim, asked: 0 }, aResponse(rejected(21612), claim), { now, random: 0.5 }).records;
  expect(again?.event.data).toMatchObject({ notBefore: now + 7_000_000 });
  const [closed] = own.decide({ claim, asked: 0 }, aResponse({}, claim), { now, random: 0.5 }).records;
  expect(closed?.event.data).toMatchObject({ outcome: 'accepted', ruleVersion: table.version });
});

describe('budgets', () => {
  const old = { throttles: 12, since: now - 60_000_000 };

  test('throttled for maxTotalWait is rejected: throttled-out, with the last code', () => {
    expect(closedBy(throttled(), aClaim({ backoff: old, attempt: 13 }))).toMatchObject({
      ...{ outcome: 'rejected', reason: 'throttled-out', code: 20429, httpStatus: 429, attempts: 13 },
    });
  });

  test('unreachable for maxTotalWait is expired: unreachable', () => {
    expect(closedBy(notSent('dns'), aClaim({ backoff: old }))).toMatchObject({ outcome: 'expired', reason: 'unreachable' });
  });

  test('any number of throttles within maxTotalWait goes on: maxAttempts does not count them', () => {
    expect(retryBy(throttled(), aClaim({ attempt: 99, backoff: { throttles: 98, since: now - 1_000_000 } })).attempt).toBe(100);
  });

  test.each([
    ['throttled', throttled()],
    ['gate', notSent('gate-closed')],
    ['account-stop', { class: 'ACCOUNT_STOP', httpStatus: 401 } as const],
  ])('a row past its expiry is expired instead of coming again: %s', (_why, response) => {
    const claim = aClaim({ request: aRequest({ expiresAt: now - 1 }) });
    expect(closedBy(response, claim)).toMatchObject({ outcome: 'expired', reason: 'expired' });
  });

  test('a Lookup in doubt is asked again, until maxAttempts answers were in doubt', () => {
    const doubt: Partial<ResponseRecorded> = { class: 'IN_DOUBT', reason: 'timeout', httpStatus: null };
    expect(retryBy(doubt, lookup())).toMatchObject({ reason: 'lookup-again', attempt: 2 });
    expect(decide(doubt, lookup()).asked).toBe(1);
    expect(decide(doubt, lookup({ attempt: 40 }), { asked: 1 }).asked).toBe(2);
    expect(closedBy(doubt, lookup(), { asked: 2 })).toMatchObject({ outcome: 'unknown', reason: 'max-attempts' });
  });

  test('a gate between two doubts of a Lookup neither counts nor forgets', () => {
    expect(decide(notSent('gate-closed'), lookup(), { asked: 2 }).asked).toBe(2);
  });
});

describe('suppressions', () => {
  const suppressionBy = (code: number, claim = aClaim()) => {
    const record = decide(rejected(code), claim).records.find(({ topic }) => topic === 'paceline.suppressions');
    const data = record?.event.data as SuppressionSet;
    expect(record?.key).toBe(keyOf(event('SuppressionSet', data)));
    return data;
  };

  test('21610 holds for this sender only', () => {
    expect(suppressionBy(21610)).toMatchObject({
      contact: 'contact-hash',
      channel: 'sms',
      scope: 'sender-hash',
      origin: 'code:21610',
      lifted: false,
    });
  });

  test.each([21614, 21635, 30006])('%i holds for text messages from any sender', (code) => {
    expect(suppressionBy(code)).toMatchObject({ channel: 'sms', scope: '*', origin: `code:${code}` });
  });

  test.each([21211, 21217])('%i holds for the value on every channel', (code) => {
    expect(suppressionBy(code)).toMatchObject({ channel: '*', scope: 'value' });
  });

  test('a WhatsApp opt-out does not stop text messages', () => {
    const claim = aClaim({ request: aRequest({ personal: { to: 'whatsapp:+15005550001', params: [] } }) });
    expect(suppressionBy(21610, claim).channel).toBe('whatsapp');
  });

  test('every other rejection suppresses nobody', () => {
    expect(decide(rejected(21612)).records).toHaveLength(1);
    expect(decide(rejected(99_999)).records).toHaveLength(1);
  });
});

test('silence is unknown, with what the claim says as evidence', () => {
  const [record] = decider.decideSilence({ claim: aClaim(), asked: 0 }, { now, random: 0 }).records;
  const closed = record?.event.data as RequestClosed;
  expect(closed).toMatchObject({ outcome: 'unknown', reason: 'claim-without-response', httpStatus: null });
  expect(JSON.parse(closed.evidence ?? '')).toEqual({
    ...{ attemptId: 'r1#1', claimedAt: now - 200_000, deadline: now, sender: 'sender-1', slotAt: now - 20_000, horizonMs: 3_000 },
  });
});

test('silence of a safe read is asked again', () => {
  expect(decider.decideSilence({ claim: lookup(), asked: 0 }, { now, random: 0 }).action).toBe('retry:lookup-again');
});

test('the same decision written twice has the same event ids', () => {
  const ids = () => [...decide(rejected(21610)).records, ...decide(throttled()).records].map(({ event }) => event.data.meta.eventId);
  expect(ids()).toEqual(ids());
});
