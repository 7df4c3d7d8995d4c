import { metaOf } from '@paceline/contracts';
import { OpeningLost } from '@paceline/pipeline';
import { runningLabels } from './checkpoint.ts';
import { settle } from './manual-time.suite.ts';
import { batchOf, dataOf, opened, Sender } from './sender.suite.ts';

type Change = (sender: Sender) => void;

const meta = metaOf('ControlSet', { natural: ['t'], at: 0, correlationId: '' });
const paused = { meta, entity: 'account:demo', aspect: 'paused', origin: 'operator', value: 'true', reason: '', by: '' } as const;
const stop = {
  ...{ meta, contact: 'c1', channel: 'sms', scope: 's1', origin: 'stop', reason: '', expiresAt: null },
  ...{ lifted: false, by: '', asOf: null },
} as const;

describe('a call has an earlier committed claim', () => {
  it('claims ahead of the slot, calls at its instant, then records the answer', async () => {
    const sender = new Sender();
    const { opening, task } = await opened(sender);
    await task.handle(batchOf([sender.slot(600)]));
    await sender.time.advance(349);
    expect(opening.committedTransactions).toHaveLength(0);
    await sender.time.advance(1);
    const [claim] = opening.outputs('paceline.attempts');
    expect(dataOf('AttemptStarted', claim?.event)).toMatchObject({
      attemptId: 'r1#1',
      deadline: sender.time.wall + 270_000,
      sender: 'sender-1',
    });
    expect(claim?.headers).toEqual({ traceparent: 'span of claim', requestId: 'r1', batchId: 'b1', attempt: '1' });
    expect(opening.committedTransactions[0]?.offsets).toEqual([{ topic: 'paceline.slots', offset: 2 }]);
    await sender.time.advance(249);
    expect(sender.trail).toEqual(['commit']);
    await sender.time.advance(1);
    expect(sender.trail).toEqual(['commit', 'call']);
    sender.twilio.answerAll();
    await sender.time.advance(50);
    expect(sender.responses()).toMatchObject([{ attemptId: 'r1#1', class: 'ACCEPTED', bytesWritten: 300 }]);
    expect(sender.written[0]?.headers?.['traceparent']).toBe('span of POST /Messages');
  });

  it('passes every label on the way, in order', async () => {
    const sender = new Sender();
    const { task } = await opened(sender);
    await task.handle(batchOf([sender.slot(100)]));
    await sender.time.advance(100);
    sender.twilio.answerAll();
    await sender.time.advance(50);
    expect(sender.labels).toEqual(runningLabels.filter((label) => label !== 'slots:before-room'));
  });

  it('calls nothing of a commit that failed or whose end is unknown', async () => {
    const sender = new Sender();
    const { opening, task } = await opened(sender);
    opening.onCommit = () => Promise.reject(new OpeningLost('unknown'));
    await task.handle(batchOf([sender.slot(100), sender.slot(120, { requestId: 'r2' })]));
    await sender.time.advance(1_000);
    expect([sender.trail, sender.written, sender.owned.count]).toEqual([[], [], 0]);
  });

  it('commits a whole prefix in offset order, each slot in one way', async () => {
    const sender = new Sender();
    const { opening, task } = await opened(sender);
    const late = sender.slot(-30, { requestId: 'r1' });
    const expired = sender.slot(200, { requestId: 'r2', expiresAt: sender.time.wall });
    await task.handle(batchOf([late, expired, sender.slot(240, { requestId: 'r3' }), sender.slot(900, { requestId: 'r4' })]));
    await settle();
    const [transaction] = opening.committedTransactions;
    expect(transaction?.outputs.map(({ topic }) => topic)).toEqual(['paceline.requests', 'paceline.outcomes', 'paceline.attempts']);
    expect(transaction?.offsets).toEqual([{ topic: 'paceline.slots', offset: 3 }]);
  });

  it('still calls a claim whose partition was lost afterwards, and records its answer', async () => {
    const sender = new Sender();
    const { opening, task } = await opened(sender);
    await task.handle(batchOf([sender.slot(200)]));
    await settle();
    opening.end();
    await task.close(false);
    await sender.time.advance(200);
    sender.twilio.answerAll();
    await sender.time.advance(50);
    expect(sender.responses()).toMatchObject([{ class: 'ACCEPTED' }]);
  });
});

describe('what is not claimed', () => {
  const returnOf = async (prepare: Change, ms = 100) => {
    const sender = new Sender();
    const { opening, task } = await opened(sender);
    prepare(sender);
    await task.handle(batchOf([sender.slot(ms)]));
    await sender.time.advance(500);
    expect(sender.trail).not.toContain('call');
    return opening;
  };

  it.each<[string, Change, number]>([
    ['late', () => undefined, -21],
    ['clock-ahead', () => undefined, 2_001],
    ['account-paused', (sender) => void sender.controls.set('account:demo/paused/operator', paused), 100],
    ['tables-not-fresh', (sender) => void (sender.suppressions.fresh = false), 100],
  ])('%s goes back to the pacer, keyed by account', async (reason, prepare, ms) => {
    const [output] = (await returnOf(prepare, ms)).outputs('paceline.requests');
    expect(output?.key).toBe('demo');
    expect(dataOf('SlotReturned', output?.event)).toMatchObject({ reason, attempt: 1 });
  });

  it('a row of an account that is not in the settings goes back', async () => {
    const sender = new Sender({});
    const { opening, task } = await opened(sender);
    await task.handle(batchOf([sender.slot(100)]));
    await settle();
    expect(dataOf('SlotReturned', opening.outputs('paceline.requests')[0]?.event).reason).toBe('unknown-account');
  });

  it('a suppressed contact ends the row', async () => {
    const opening = await returnOf((sender) => void sender.suppressions.set('k', stop));
    expect(dataOf('RequestClosed', opening.outputs('paceline.outcomes')[0]?.event)).toMatchObject({ outcome: 'suppressed', attempts: 0 });
  });

  it('a record nobody can read becomes a dead letter, and its row an outcome', async () => {
    const sender = new Sender();
    const { opening, task } = await opened(sender);
    const [record] = batchOf([sender.slot(900)]).records;
    if (record === undefined) throw new Error('no record');
    const poison = {
      ...record,
      kind: 'poison' as const,
      reason: 'bad',
      rawKey: null,
      rawValue: null,
      headers: { requestId: 'r9', batchId: 'b9' },
    };
    await task.handle({ topic: 'paceline.slots', partition: 0, records: [poison], nextOffset: 1 });
    await settle();
    expect(opening.outputs('paceline.dead-letters')).toHaveLength(1);
    expect(dataOf('RequestClosed', opening.outputs('paceline.outcomes')[0]?.event)).toMatchObject({
      requestId: 'r9',
      reason: 'undecodable',
    });
  });
});

describe('the last check, in the tick of the call', () => {
  const notSentAfter = async (change: Change) => {
    const sender = new Sender();
    const { task } = await opened(sender);
    await task.handle(batchOf([sender.slot(200)]));
    await settle();
    change(sender);
    await sender.time.advance(300);
    expect(sender.trail).toEqual(['commit']);
    return sender.responses();
  };

  it.each<[string, Change]>([
    ['deadline-passed', (sender) => void (sender.time.wall += 221_000)],
    ['deadline-passed', (sender) => void (sender.time.monotonic += 221)],
    ['gate-closed', (sender) => void sender.controls.set('account:demo/paused/operator', paused)],
    ['gate-closed', (sender) => void sender.suppressions.set('k', stop)],
    ['gate-closed', (sender) => void (sender.controls.fresh = false)],
    ['gate-closed', (sender) => void (sender.suppressions.freshUntil = sender.time.monotonic + 199)],
  ])('%s closes the claim as not sent', async (reason, change) => {
    expect(await notSentAfter(change)).toMatchObject([{ class: 'NOT_SENT', reason, bytesWritten: 0, calledAt: null }]);
  });

  it('a commit that came back too late is not called', async () => {
    const sender = new Sender();
    const { opening, task } = await opened(sender);
    const { promise, resolve } = Promise.withResolvers<void>();
    opening.onCommit = () => promise;
    await task.handle(batchOf([sender.slot(200)]));
    await sender.time.advance(300);
    resolve();
    await sender.time.advance(60);
    expect(sender.responses()).toMatchObject([{ class: 'NOT_SENT', reason: 'deadline-passed' }]);
  });
});

describe('places in flight', () => {
  it('are hard per account, and one full account never holds back another', async () => {
    const sender = new Sender({ demo: 1, other: 1 });
    const { task } = await opened(sender);
    await task.handle(batchOf([100, 101, 102].map((ms) => sender.slot(ms, { requestId: `d${ms}` }))));
    await task.handle(batchOf([sender.slot(103, { requestId: 'o', account: 'other' })], 10));
    await sender.time.advance(200);
    expect(sender.twilio.calls.map(({ account }) => account)).toEqual(['demo', 'other']);
    expect(sender.responses().map(({ reason }) => reason)).toEqual(['no-place-in-flight', 'no-place-in-flight']);
    sender.twilio.answerAll();
    await sender.time.advance(100);
    expect(sender.responses()).toHaveLength(4);
  });
});
