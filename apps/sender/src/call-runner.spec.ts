import { metaOf } from '@paceline/contracts';
import { ClaimLead } from './claim-lead.ts';
import { settle } from './manual-time.suite.ts';
import { batchOf, dataOf, opened, Sender } from './sender.suite.ts';
import { anchorOf, ThreadClock } from './thread-clock.ts';

const meta = metaOf('ControlSet', { natural: ['t'], at: 0, correlationId: '' });
const control = (entity: string) => ({ meta, entity, aspect: 'paused', origin: 'operator', value: 'true', reason: '', by: '' }) as const;

describe('a change of the tables revokes claims that wait', () => {
  it('at once, only those it concerns, and for good', async () => {
    const sender = new Sender({ demo: 10, other: 10 });
    const { task } = await opened(sender);
    await task.handle(batchOf([sender.slot(200), sender.slot(210, { requestId: 'o', account: 'other' })]));
    await settle();
    sender.controls.set('k', control('account:demo'));
    await sender.time.advance(100);
    expect(sender.responses()).toMatchObject([{ requestId: 'r1', class: 'NOT_SENT', reason: 'gate-closed', calledAt: null }]);
    sender.controls.set('k', { ...control('account:demo'), value: 'false' });
    await sender.time.advance(200);
    expect(sender.twilio.calls.map(({ account }) => account)).toEqual(['other']);
    expect(sender.responses()).toHaveLength(1);
  });

  it('a claim whose gate closed while it was committed is not handed over', async () => {
    const sender = new Sender();
    const { opening, task } = await opened(sender);
    const { promise, resolve } = Promise.withResolvers<void>();
    opening.onCommit = () => promise;
    await task.handle(batchOf([sender.slot(200)]));
    sender.controls.set('k', control('account:demo'));
    resolve();
    await sender.time.advance(100);
    expect(sender.responses()).toMatchObject([{ class: 'NOT_SENT', reason: 'gate-closed' }]);
  });
});

describe('the table of pending claims is bounded', () => {
  it('when it is full, slots go back; each end makes room again', async () => {
    const sender = new Sender({ demo: 100 }, 1);
    const { opening, task } = await opened(sender);
    await task.handle(batchOf([sender.slot(100), sender.slot(101, { requestId: 'r2' })]));
    await sender.time.advance(100);
    const [returned] = opening.outputs('paceline.requests');
    expect(dataOf('SlotReturned', returned?.event)).toMatchObject({ request: { requestId: 'r2' }, reason: 'no-place-in-flight' });
    expect(sender.pending.hasRoom()).toBe(false);
    sender.twilio.answerAll();
    await settle();
    expect(sender.pending.hasRoom()).toBe(true);
  });

  it('a claim that was never committed leaves no trace in it', async () => {
    const sender = new Sender({ demo: 100 }, 1);
    const { opening, task } = await opened(sender);
    opening.onCommit = () => Promise.reject(new Error('lost'));
    await task.handle(batchOf([sender.slot(100)]));
    await settle();
    expect(sender.pending.hasRoom()).toBe(true);
  });
});

describe('the death of who fires', () => {
  it('closes each claim: not sent where it certainly was not, in doubt where it may have been; then the process is told', async () => {
    const sender = new Sender();
    const { task } = await opened(sender);
    await task.handle(batchOf([sender.slot(50, { requestId: 'called' }), sender.slot(200, { requestId: 'waiting' })]));
    await sender.time.advance(60);
    sender.firing.die();
    await sender.time.advance(500);
    const ends = sender.responses().map((response) => `${response.requestId} ${response.class} ${response.reason}`);
    expect(ends).toEqual(['called IN_DOUBT reset', 'waiting NOT_SENT shutdown']);
    expect(sender.deaths).toHaveLength(1);
    sender.twilio.answerAll();
    await sender.time.advance(100);
    expect(sender.responses()).toHaveLength(2);
  });

  it('and what is committed later is closed as not sent', async () => {
    const sender = new Sender();
    const { task } = await opened(sender);
    sender.firing.die();
    await task.handle(batchOf([sender.slot(100)]));
    await sender.time.advance(300);
    expect(sender.responses()).toMatchObject([{ class: 'NOT_SENT', reason: 'shutdown' }]);
  });
});

describe('who fires stands still', () => {
  it('and the claims it does not fire are closed as not sent, so that their rows go on', async () => {
    const sender = new Sender();
    const { task } = await opened(sender);
    sender.firing.isStuck = true;
    await task.handle(batchOf([sender.slot(100)]));
    await sender.time.advance(1_000);
    expect(sender.responses()).toEqual([]);
    await sender.time.advance(300);
    expect(sender.responses()).toMatchObject([{ class: 'NOT_SENT', reason: 'deadline-passed' }]);
  });
});

describe('the lead of claims', () => {
  const leadAt = (start: number) => {
    const time = { now: start };
    const clock = { monotonicMs: () => time.now };
    return { time, lead: new ClaimLead({ leastMs: 250, mostMs: 700, clock }) };
  };

  it('is long at first and comes down to the configured one where commits are quick', () => {
    const { time, lead } = leadAt(0);
    expect(lead.ms).toBe(450);
    for (let at = 0; at < 100; at += 1) {
      time.now += 200;
      lead.committed(20);
    }
    expect(lead.ms).toBe(250);
  });

  it('follows a slow commit at once, and no further than slots are known ahead', () => {
    const { lead } = leadAt(0);
    lead.committed(400);
    expect(lead.ms).toBe(600);
    lead.committed(5_000);
    expect(lead.ms).toBe(700);
  });
});

describe("a thread's clock", () => {
  it("tells the main thread's time on both clocks", () => {
    const main = {
      wallMicros: () => (performance.timeOrigin + performance.now() - 3_000) * 1000,
      monotonicMs: () => performance.now() - 3_000,
    };
    const thread = new ThreadClock(anchorOf({ ...main, wallMicros: () => Date.now() * 1000 }));
    const [before, told, after] = [main.monotonicMs(), thread.monotonicMs(), main.monotonicMs()];
    expect(told).toBeGreaterThan(before - 1);
    expect(told).toBeLessThan(after + 1);
  });
});
