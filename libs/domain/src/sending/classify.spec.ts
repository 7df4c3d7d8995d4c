import { classify } from './classify.ts';
import type { Answer, Observation } from './observation.ts';

const sid = `SM${'a1'.repeat(16)}`;
const answer = (status: number, body: unknown = '', over: Partial<Answer> = {}): Answer => ({
  kind: 'answer',
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
  bodyState: 'complete',
  bytesWritten: 400,
  ...over,
});
const classOf = (observation: Observation) => {
  const { class: kind, reason } = classify('messages', observation, 0);
  return `${kind} ${reason}`;
};

describe('the class table', () => {
  it.each(['deadline-passed', 'gate-closed', 'no-place-in-flight', 'shutdown'] as const)('gate %s -> NOT_SENT', (reason) => {
    expect(classify('messages', { kind: 'gate', reason }, 0)).toMatchObject({ class: 'NOT_SENT', reason, bytesWritten: 0 });
  });

  it.each(['dns', 'connection-refused', 'connect-timeout', 'tls', 'not-written'] as const)('network %s, no byte -> NOT_SENT', (stage) => {
    expect(classOf({ kind: 'network', stage })).toBe(`NOT_SENT ${stage}`);
  });

  it('429 -> NOT_PROCESSED, with what it asked for, whatever its body', () => {
    const throttled = answer(429, '<html>', {
      headers: { 'retry-after': '3', 'twilio-concurrent-requests': '41', 'twilio-request-id': 'RQ1' },
    });
    expect(classify('messages', throttled, 0)).toMatchObject({
      class: 'NOT_PROCESSED',
      retryAfterMs: 3_000,
      concurrentRequests: 41,
      twilioRequestId: 'RQ1',
    });
    expect(classOf(answer(429, '', { bodyState: 'cut' }))).toBe('NOT_PROCESSED answered');
  });

  it.each([200, 201, 202])('%i with the expected resource -> ACCEPTED', (status) => {
    expect(classify('messages', answer(status, { sid, status: 'queued' }), 0)).toMatchObject({
      class: 'ACCEPTED',
      sid,
      httpStatus: status,
    });
  });

  it('a SID of another kind is not the expected resource', () => {
    expect(classOf(answer(201, { sid: `CA${'0'.repeat(32)}` }))).toBe('ACCEPTED_NO_SID no-sid');
  });

  it.each([
    ['calls', { sid: `CA${'0'.repeat(32)}` }],
    ['verify', { sid: `VE${'0'.repeat(32)}` }],
    ['studio', { sid: `FN${'0'.repeat(32)}` }],
    ['lookup', { phone_number: '+1', valid: false }],
  ] as const)('%s knows its own resource', (api, body) => {
    expect(classify(api, answer(api === 'lookup' ? 200 : 201, body), 0).class).toBe('ACCEPTED');
  });

  it.each([
    ['html', '<html>ok</html>', 'body-unreadable'],
    ['truncated JSON', '{"sid":"SM', 'body-unreadable'],
    ['an empty body', '', 'body-unreadable'],
    ['no sid', '{"status":"queued"}', 'no-sid'],
    ['a list', '[1]', 'body-unreadable'],
  ])('201 with %s -> ACCEPTED_NO_SID', (_name, body, reason) => {
    expect(classOf(answer(201, body))).toBe(`ACCEPTED_NO_SID ${reason}`);
  });

  it.each(['over-cap', 'undecodable'] as const)('201 with a body that is %s -> ACCEPTED_NO_SID', (bodyState) => {
    expect(classOf(answer(201, '', { bodyState }))).toBe('ACCEPTED_NO_SID body-unreadable');
  });

  it.each([204, 206])('%i -> ACCEPTED_NO_SID', (status) => {
    expect(classify('messages', answer(status, status === 206 ? { sid } : ''), 0).class).toBe('ACCEPTED_NO_SID');
  });

  it('4xx with a code -> REJECTED, its message without numbers', () => {
    const rejected = classify(
      'messages',
      answer(400, { code: 21211, message: "The 'To' number +1 (500) 555-0009 is not valid.", status: 400 }),
      0,
    );
    expect(rejected).toMatchObject({ class: 'REJECTED', code: 21211, httpStatus: 400, message: "The 'To' number [number] is not valid." });
  });

  it('4xx without a readable code -> REJECTED', () => {
    expect(classOf(answer(404, '<html>'))).toBe('REJECTED answered');
  });

  it.each([401, 403])('%i -> ACCOUNT_STOP', (status) => {
    expect(classOf(answer(status, { code: 20003 }))).toBe('ACCOUNT_STOP answered');
    expect(classOf(answer(status))).toBe('ACCOUNT_STOP answered');
  });

  it.each([20005, 30002])('an account that is inactive or suspended (%i) -> ACCOUNT_STOP, whatever the 4xx', (code) => {
    expect(classOf(answer(400, { code }))).toBe('ACCOUNT_STOP answered');
  });

  it('403 about one row (60205) -> REJECTED: it must not stop the account', () => {
    expect(classOf(answer(403, { code: 60205 }))).toBe('REJECTED answered');
  });

  it.each([301, 302, 307])('%i -> REJECTED redirect', (status) => {
    expect(classOf(answer(status))).toBe('REJECTED redirect');
  });

  it('408 -> IN_DOUBT', () => {
    expect(classOf(answer(408))).toBe('IN_DOUBT request-timeout');
  });

  it.each([500, 502, 503, 504, 599])('%i -> IN_DOUBT, its code and message kept', (status) => {
    expect(classOf(answer(status, { code: 20503, message: 'busy' }))).toBe('IN_DOUBT server-error');
    expect(classify('messages', answer(status, { code: 20503 }), 0).code).toBe(20503);
  });

  it.each(['timeout', 'reset'] as const)('%s after bytes were written -> IN_DOUBT', (how) => {
    expect(classify('messages', { kind: 'lost', how, bytesWritten: 12 }, 0)).toMatchObject({
      class: 'IN_DOUBT',
      reason: how,
      bytesWritten: 12,
    });
  });

  it('the connection ends in the body of a 2xx -> IN_DOUBT', () => {
    expect(classOf(answer(201, '{"sid', { bodyState: 'cut' }))).toBe('IN_DOUBT truncated');
    expect(classOf(answer(201, '{"sid', { bodyState: 'timed-out' }))).toBe('IN_DOUBT timeout');
  });

  it('reads the code of every error body', () => {
    expect(classify('messages', answer(400, { type: 'x', title: 'Bad', detail: 'why', code: 21211, status: 400 }), 0)).toMatchObject({
      code: 21211,
      message: 'why',
    });
    expect(classify('messages', answer(400, { errors: [{ code: 21211, message: 'first' }] }), 0)).toMatchObject({
      code: 21211,
      message: 'first',
    });
    expect(classify('messages', answer(400, { code: 'x' }), 0).code).toBeNull();
  });
});
