import { settle } from './manual-time.suite.ts';
import { accepted } from './memory-ports.suite.ts';
import { batchOf, dataOf, opened, Sender } from './sender.suite.ts';

describe('a shutdown', () => {
  it('sends back what is queued, closes what is claimed as not sent, and waits for calls: no doubt is left', async () => {
    const sender = new Sender();
    const { opening, task } = await opened(sender);
    await task.handle(batchOf([sender.slot(10, { requestId: 'called' }), sender.slot(200, { requestId: 'claimed' }), sender.slot(900)]));
    await sender.time.advance(10);
    const closed = task.close(true);
    await settle();
    expect(dataOf('SlotReturned', opening.outputs('paceline.requests')[0]?.event)).toMatchObject({ reason: 'shutdown' });
    sender.twilio.answerAll();
    await closed;
    await sender.time.advance(500);
    const classes = Object.fromEntries(sender.responses().map((response) => [response.requestId, `${response.class} ${response.reason}`]));
    expect(classes).toEqual({ called: 'ACCEPTED answered', claimed: 'NOT_SENT shutdown' });
    expect([sender.owned.count, sender.trail.filter((step) => step === 'call')]).toEqual([0, ['call']]);
  });

  it('closes claims whose commit ends during it as not sent', async () => {
    const sender = new Sender();
    const { opening, task } = await opened(sender);
    const { promise, resolve } = Promise.withResolvers<void>();
    opening.onCommit = () => promise;
    await task.handle(batchOf([sender.slot(200)]));
    const closed = task.close(true);
    resolve();
    await closed;
    expect(sender.responses()).toMatchObject([{ class: 'NOT_SENT', reason: 'shutdown' }]);
  });

  it('waits for a call no longer than the grace', async () => {
    const sender = new Sender();
    const { task } = await opened(sender);
    await task.handle(batchOf([sender.slot(10)]));
    await sender.time.advance(10);
    const closed = task.close(true);
    await sender.time.advance(1_000);
    await closed;
    sender.twilio.calls[0]?.answer(accepted);
    await sender.time.advance(60);
    expect(sender.responses()).toMatchObject([{ class: 'ACCEPTED' }]);
  });
});

describe('memory is bounded', () => {
  it('a full queue holds delivery back until slots are disposed of', async () => {
    const sender = new Sender();
    const { task } = await opened(sender);
    let taken = false;
    void task.handle(batchOf(Array.from({ length: 10 }, (_, at) => sender.slot(600, { requestId: `r${at}` })))).then(() => (taken = true));
    await sender.time.advance(300);
    expect(taken).toBe(false);
    await sender.time.advance(100);
    expect(taken).toBe(true);
  });

  it('a lost opening lets go of a delivery that waits', async () => {
    const sender = new Sender();
    const { opening, task } = await opened(sender);
    const held = task.handle(batchOf(Array.from({ length: 10 }, (_, at) => sender.slot(900, { requestId: `r${at}` }))));
    opening.end();
    await held;
    expect(sender.owned.count).toBe(0);
  });
});
