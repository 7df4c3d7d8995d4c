import { BrokerPresence } from './broker-presence.ts';

describe('the log while brokers come and go', () => {
  let nowMs: number;
  let lines: string[];
  let presence: BrokerPresence;
  beforeEach(() => {
    [nowMs, lines] = [1_000, []];
    const write = (fields: object, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
    presence = new BrokerPresence({ debug: write, info: write, warn: write, error: write }, () => nowMs);
  });

  it('has one line when a broker goes and one when it answers again, however many connections tell', () => {
    for (let n = 0; n < 50; n += 1) presence.away('b:1', 'ECONNREFUSED');
    nowMs += 8_200;
    for (let n = 0; n < 50; n += 1) presence.answered('b:1');
    expect(lines).toEqual([
      'a Kafka broker is away {"broker":"b:1","reason":"ECONNREFUSED"}',
      'a Kafka broker is back {"broker":"b:1","awayForMs":8200}',
    ]);
  });

  it('tells of each broker for itself, and again when it goes again', () => {
    presence.answered('b:1');
    presence.away('b:1', 'x');
    presence.away('b:2', 'x');
    presence.answered('b:1');
    presence.away('b:1', 'x');
    expect(lines).toHaveLength(4);
  });

  it('says other things once a minute of each kind', () => {
    expect([presence.mayBeSaid('a'), presence.mayBeSaid('a'), presence.mayBeSaid('b')]).toEqual([true, false, true]);
    nowMs += 60_000;
    expect(presence.mayBeSaid('a')).toBe(true);
  });
});
