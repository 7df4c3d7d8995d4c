import { AttemptLedger } from './attempt-ledger.ts';
import { admitted, noon, retried, returned } from './pacing-bench.suite.ts';
import { waitingOf, type RequestEvent, type Waiting } from './waiting.ts';

let offset = 0;
const item = (event: RequestEvent): Waiting => waitingOf(event, { offset: (offset += 1), traceparent: null });

describe('the ledger of attempts', () => {
  it('lets an attempt wait once, and once again when its slot came back', () => {
    const ledger = new AttemptLedger();
    expect(ledger.wait(item(admitted(1)))).toBe(true);
    expect(ledger.wait(item(admitted(1)))).toBe(false);
    ledger.grant(item(admitted(1)), 7);
    expect(ledger.wait(item(admitted(1)))).toBe(false);
    expect(ledger.wait(item(returned(1, { attempt: 1, number: 6 })))).toBe(false);
    expect(ledger.wait(item(returned(1, { attempt: 1, number: 7 })))).toBe(true);
    expect(ledger.wait(item(returned(1, { attempt: 1, number: 7 })))).toBe(false);
  });

  it('remembers rows that came back however many new ones are admitted', () => {
    const ledger = new AttemptLedger(100);
    const again = retried(0, { attempt: 2, notBefore: noon });
    expect(ledger.wait(item(again))).toBe(true);
    for (let row = 1; row <= 5_000; row += 1) ledger.wait(item(admitted(row)));
    expect(ledger.wait(item(again))).toBe(false);
  });

  it('never refuses a row that the pacer itself appended again', () => {
    const ledger = new AttemptLedger();
    ledger.grant(item(admitted(1)), 7);
    ledger.wait(item(returned(1, { attempt: 1, number: 7 })));
    ledger.carried({ ...item(admitted(1)), returned: null });
    ledger.grant(item(admitted(1)), 8);
    expect(ledger.wait(item(returned(1, { attempt: 1, number: 8 })))).toBe(true);
  });
});
