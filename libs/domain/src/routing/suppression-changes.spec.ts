import { event, keyOf, metaOf, type SuppressionSet } from '@paceline/contracts';
import fc from 'fast-check';
import { SuppressionIndex } from '../sending/suppression-index.ts';
import { SuppressionChanges, type SuppressionChange, type SuppressionWish } from './suppression-changes.ts';

const now = 1_800_000_000_000_000;
const added: SuppressionWish = {
  ...{ contact: 'c1', channel: 'sms', scope: '*', origin: 'operator', lifted: false },
  ...{ reason: 'asked', by: 'ann', expiresAt: null, asOf: null, file: null },
};
const listed: SuppressionWish = { ...added, origin: 'import', file: 'file:1' };
const lift: SuppressionWish = { ...added, channel: '*', scope: '*', origin: '*', lifted: true, reason: 'mistake' };
const optOut: SuppressionWish = { ...added, origin: 'consent', scope: 's1', asOf: now - 1_000 };
const optIn: SuppressionWish = { ...optOut, origin: 'opt-in', lifted: true };

class Desk {
  readonly table = new SuppressionIndex();
  records = 0;

  /** Says it at an instant and writes it. */
  say(wish: SuppressionWish, at = now): SuppressionChange {
    const changes = new SuppressionChanges(this.table, at);
    const change = changes.take(wish);
    this.records += changes.records.length;
    return change;
  }

  /** A router's fact, as the log has it. */
  answered(code: number, at: number, attempt = 'r1#1'): void {
    const meta = metaOf('SuppressionSet', { natural: [attempt, code], at, correlationId: 'b1' });
    const data: SuppressionSet = { ...stripped(added), meta, origin: `code:${code}`, by: '' };
    this.table.apply(keyOf(event('SuppressionSet', data)), data);
  }

  holds(at = now): boolean {
    return this.table.find({ contact: 'c1', channels: ['sms'], sender: 's1' }, at) !== undefined;
  }
}

function stripped({ file, ...said }: SuppressionWish): Omit<SuppressionWish, 'file'> {
  expect(file).toBeNull();
  return said;
}

describe('by hand', () => {
  it('what is added holds, and saying it again writes nothing', () => {
    const desk = new Desk();
    expect([desk.say(added), desk.say(added, now + 5), desk.say({ ...added, by: 'bob' }, now + 6)]).toEqual([
      'added',
      'unchanged',
      'unchanged',
    ]);
    expect([desk.holds(), desk.records]).toEqual([true, 1]);
  });

  it('another reason or end is a change', () => {
    const desk = new Desk();
    expect([desk.say(added), desk.say({ ...added, expiresAt: now + 10 }, now + 1)]).toEqual(['added', 'changed']);
    expect([desk.holds(now + 9), desk.holds(now + 10)]).toEqual([true, false]);
  });

  it('an end that has come is not written', () => {
    expect(new Desk().say({ ...added, expiresAt: now })).toBe('expired');
  });

  it('a lift outlasts all that was known, from clocks ahead of ours too', () => {
    const desk = new Desk();
    desk.say(added);
    desk.answered(30006, now + 3_000_000);
    expect([desk.say(lift), desk.holds()]).toEqual(['lifted', false]);
  });

  it('what is added in the instant of a lift holds', () => {
    const desk = new Desk();
    desk.say(added);
    desk.say(lift);
    expect([desk.say(added), desk.holds()]).toEqual(['added', true]);
  });

  it('an answer from before the lift, written after it, changes nothing; a new one counts', () => {
    const desk = new Desk();
    desk.answered(30006, now - 10);
    desk.say(lift);
    desk.answered(30006, now - 5, 'r2#1');
    desk.answered(21614, now - 5, 'r3#1');
    expect(desk.holds()).toBe(false);
    desk.answered(30006, now + 1, 'r4#1');
    desk.answered(30006, now - 1, 'r5#1');
    expect(desk.holds()).toBe(true);
  });
});

describe('by a list', () => {
  it('the same file again changes nothing, even after a lift', () => {
    const desk = new Desk();
    expect([desk.say(listed), desk.say(listed, now + 1), desk.say(lift, now + 2), desk.say(listed, now + 3)]).toEqual([
      'added',
      'unchanged',
      'lifted',
      'unchanged',
    ]);
    expect(desk.holds()).toBe(false);
  });

  it('another file is another word: what still holds is not written again, what was lifted is', () => {
    const desk = new Desk();
    const next = { ...listed, file: 'file:2' };
    expect([desk.say(listed), desk.say(next, now + 1), desk.say(lift, now + 2), desk.say(next, now + 3)]).toEqual([
      'added',
      'unchanged',
      'lifted',
      'added',
    ]);
    expect(desk.holds()).toBe(true);
  });
});

describe('by consents', () => {
  it('an opt-in lifts only what is older than its date', () => {
    const desk = new Desk();
    expect([desk.say(optOut), desk.say({ ...optIn, asOf: now - 2_000 }), desk.holds()]).toEqual(['added', 'lifted', true]);
    expect([desk.say({ ...optIn, asOf: now - 500 }), desk.holds()]).toEqual(['lifted', false]);
    expect([desk.say(optOut), desk.say({ ...optOut, asOf: now - 700 }), desk.holds()]).toEqual(['unchanged', 'older', false]);
    expect([desk.say({ ...optOut, asOf: now - 100 }), desk.holds()]).toEqual(['added', true]);
  });

  it('an opt-in leaves what is wrong with the number', () => {
    const desk = new Desk();
    desk.answered(30006, now - 2_000);
    desk.say({ ...optIn, scope: '*' });
    expect(desk.holds()).toBe(true);
  });
});

const consent = fc
  .record({ asOf: fc.integer({ min: now - 20, max: now }), lifted: fc.boolean(), scope: fc.constantFrom('s1', '*') })
  .map((said) => ({ ...(said.lifted ? optIn : optOut), ...said }));

describe('files of consents', () => {
  it('mean the same in every order of their lines, and change nothing a second time', () => {
    const orders = fc
      .array(consent, { maxLength: 8 })
      .chain((lines) => fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })));
    fc.assert(
      fc.property(orders, ([lines, shuffled]) => {
        const [desk, other] = [new Desk(), new Desk()];
        for (const line of lines) desk.say(line);
        for (const line of shuffled) other.say(line);
        expect(other.holds()).toBe(desk.holds());
        const { records } = desk;
        for (const line of shuffled) desk.say(line, now + 1);
        expect(desk.records).toBe(records);
      }),
    );
  });
});
