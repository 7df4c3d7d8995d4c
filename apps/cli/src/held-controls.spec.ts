import { event, metaOf, type ControlOrigin, type ControlSet } from '@paceline/contracts';
import { holding, holdText } from './held-controls.ts';

interface Parts {
  readonly origin?: ControlOrigin;
  readonly reason?: string;
}

const control = (name: string, value: unknown, { origin = 'operator', reason = '' }: Parts = {}): ControlSet => {
  const at = name.lastIndexOf('/');
  const [entity, aspect] = [name.slice(0, at), name.slice(at + 1)];
  const meta = metaOf('ControlSet', { natural: [entity, aspect], at: 1, correlationId: entity });
  return event('ControlSet', { meta, entity, aspect, origin, value: value === null ? null : JSON.stringify(value), by: 'alice', reason })
    .data;
};
const table = (...controls: ControlSet[]) => new Map(controls.map((one) => [`${one.entity}/${one.aspect}/${one.origin}`, one]));

describe('what holds an entity', () => {
  test('stops of every origin hold; lifted, closed and other controls do not', () => {
    const controls = table(
      control('account:demo/paused', true),
      control('account:demo/breaker', { state: 'open' }, { origin: 'breaker', reason: '20003 authenticate' }),
      control('account:demo/parked', null, { origin: 'breaker' }),
      control('account:demo/rate', 5),
      control('account:other/paused', true),
    );
    expect(holding(controls, 'account:demo').map(({ aspect, origin }) => `${aspect}/${origin}`)).toEqual([
      'paused/operator',
      'breaker/breaker',
    ]);
    expect(holding(table(control('lane:messages/breaker', 'closed')), 'lane:messages')).toEqual([]);
    expect(holding(table(control('lane:messages/breaker', { state: 'closed' })), 'lane:messages')).toEqual([]);
  });

  test('a lane is held by what was said of it in one account too', () => {
    const controls = table(
      control('lane:demo/messages:0a1b2c3d4e5f/parked', 'parked', { origin: 'breaker' }),
      control('lane:demo/messages/paused', true),
    );
    expect(holding(controls, 'lane:messages:0a1b2c3d4e5f').map(({ entity }) => entity)).toEqual(['lane:demo/messages:0a1b2c3d4e5f']);
  });

  test.each([
    [control('batch:x/paused', true, { reason: 'wrong text' }), 'paused by alice: wrong text'],
    [
      control('account:x/breaker', { state: 'open' }, { origin: 'breaker', reason: '20003 authenticate' }),
      'breaker open: 20003 authenticate',
    ],
    [control('lane:x/parked', true, { origin: 'breaker', reason: '21611 queue full' }), 'parked by the breaker: 21611 queue full'],
  ])('is told in words', (held, text) => {
    expect(holdText(held)).toBe(text);
  });
});
