// Every line of the class table, against what a real server does: the class, the decision, and one arrival at most.
import { attemptIdOf } from '@paceline/contracts';
import { OpenAttempts } from '@paceline/domain/routing';
import { startTlsFault, tlsFaults } from '../../apps/simulator/src/tls-faults.ts';
import { aClaim } from '../../libs/domain/src/routing/builders.suite.ts';
import { CallBench, closedPort, decide, requestOf, routingSettings, type Called } from './call-bench.ts';
import { classLines } from './class-lines.ts';

let bench: CallBench;

beforeAll(async () => {
  bench = await CallBench.create();
});
afterEach(() => bench.hangUp());
afterAll(() => bench.dispose());

const told = ({ answer, routed }: Called) => ({ class: answer.class, reason: answer.reason, action: routed.action });
const counts = () => {
  const { requests: arrived, accepted } = bench.simulator.summary();
  return { arrived, accepted };
};
const notSent = (reason: string, why: 'network' | 'gate') => ({ class: 'NOT_SENT', reason, action: `retry:${why}` });

describe('NOT_SENT, when not one byte of the request was written', () => {
  it('a gate closed at the last moment: again without back-off', async () => {
    const before = counts();
    const called = await bench.call(requestOf('messages'), { mayStart: () => false });
    expect({ ...told(called), ...counts() }).toEqual({ ...notSent('deadline-passed', 'gate'), ...before });
  });

  it('refused', async () => {
    const called = await bench.call(requestOf('messages'), { baseUrl: await closedPort() });
    expect(told(called)).toEqual(notSent('connection-refused', 'network'));
  });

  it('a name that does not resolve', async () => {
    expect(told(await bench.call(requestOf('messages'), { baseUrl: 'https://no..such.host' }))).toEqual(notSent('dns', 'network'));
  });

  it.each(tlsFaults)('TLS: %s', async (fault) => {
    const listener = await startTlsFault(fault);
    const called = await bench.call(requestOf('messages'), { baseUrl: listener.url });
    const reason = { silent: 'connect-timeout', reset: 'not-written' }[fault as string] ?? 'tls';
    expect({ ...told(called), written: called.answer.bytesWritten, through: listener.requests() }).toEqual({
      ...notSent(reason, 'network'),
      written: 0,
      through: 0,
    });
    await bench.hangUp();
    await listener.stop();
  });
});

describe('a call that reached the server', () => {
  it.each(classLines.map((line) => [`${line.observed} -> ${line.class} ${line.reason}: ${line.action}`, line] as const))(
    '%s',
    async (_title, { api = 'messages', fault, reused, class: type, reason, action, arrived: arrives, accepted: accepts }) => {
      await bench.arm();
      if (reused === true) await bench.call(requestOf(api, 2));
      await bench.arm(...(fault === undefined ? [] : [fault]));
      const before = counts();
      const called = await bench.call(requestOf(api));
      await bench.settled();
      const { arrived, accepted } = counts();
      expect({ ...told(called), arrived: arrived - before.arrived, accepted: accepted - before.accepted }).toEqual({
        class: type,
        reason,
        action,
        arrived: arrives,
        accepted: accepts,
      });
      expect(called.state.open).toBe(0);
      expect(called.state.last.map(({ key }) => key)).not.toContain(attemptIdOf('r1', 1));
    },
  );
});

describe('429 -> NOT_PROCESSED, and not before the time it asks for', () => {
  const hugeMs = 600_000;
  it.each([
    ['absent', null, null],
    ['seconds', 7_000, 7_000],
    ['fraction', 7_500, 7_500],
    ['http-date', 5_000, 8_000],
    ['past-date', 0, 0],
    ['negative', null, null],
    ['huge', hugeMs, hugeMs],
    ['empty', null, null],
    ['garbage', null, null],
  ] as const)('Retry-After %s', async (form, least, most) => {
    const retryAfter = form === 'absent' ? {} : { retryAfter: { form, seconds: 7 } };
    await bench.arm({ action: { type: 'code', code: 20429, ...retryAfter } });
    const { answer, routed, decidedAt } = await bench.call(requestOf('messages'));
    expect([answer.class, routed.action]).toEqual(['NOT_PROCESSED', 'retry:throttled']);
    const asked = answer.retryAfterMs;
    if (least === null) expect(asked).toBeNull();
    else expect([asked !== null && asked >= least, asked !== null && asked <= most]).toEqual([true, true]);
    const [retry] = routed.records;
    expect(retry?.event.data).toMatchObject({ attempt: 2, reason: 'throttled', backoff: { throttles: 1 } });
    const { notBefore } = retry?.event.data as { notBefore: number };
    expect(notBefore).toBeGreaterThanOrEqual(decidedAt + (least ?? 0) * 1_000);
    expect(notBefore).toBeLessThanOrEqual(decidedAt + (most ?? 0) * 1_000 + 30_000_000);
  });
});

describe('IN_DOUBT without any answer', () => {
  it('a claim that is still open after the horizon ends as unknown', () => {
    const attempts = new OpenAttempts(routingSettings);
    const claim = aClaim();
    const at = { wallMicros: claim.deadline, monotonicMs: 0, random: () => 0, offset: 0 };
    attempts.claimed(claim, {}, at);
    expect(attempts.dueClaims(routingSettings.horizonMs - 1)).toEqual([]);
    expect(attempts.dueClaims(routingSettings.horizonMs)).toEqual([claim.attemptId]);
    expect(attempts.silent(claim.attemptId, at)).toMatchObject({ class: 'HORIZON', action: 'unknown:claim-without-response' });
    expect(attempts.size).toBe(0);
  });

  it('an answer nobody could classify is a doubt, never a retry', async () => {
    const { answer } = await bench.call(requestOf('messages'));
    expect(decide(aClaim(), { ...answer, class: 'UNCLASSIFIED' }).routed.action).toBe('unknown:answer-in-doubt');
  });
});
