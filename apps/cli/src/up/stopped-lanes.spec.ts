import { event, metaOf, type ControlOrigin, type ControlSet } from '@paceline/contracts';
import { controlOf } from '@paceline/domain/controls';
import { StoppedLanes } from './stopped-lanes.ts';

const entity = 'lane:demo/messages:0a1b2c3d4e5f';
const control = (value: string | null, over: { entity?: string; aspect?: string; origin?: ControlOrigin } = {}): ControlSet => {
  const meta = metaOf('ControlSet', { natural: [entity], at: 1, correlationId: entity });
  return event('ControlSet', {
    meta,
    entity,
    aspect: 'parked',
    origin: 'breaker',
    value,
    reason: 'code 21611: queue full',
    by: 'pacer',
    ...over,
  }).data;
};

function stoppedAt(...controls: [atMs: number, control: ControlSet][]): StoppedLanes {
  const lanes = new StoppedLanes(10_000);
  for (const [atMs, one] of controls) lanes.observe(`${one.entity}/${one.aspect}/${one.origin}`, controlOf(one), atMs);
  return lanes;
}

describe('a lane that stays stopped', () => {
  test('is ended after the configured time, with its reason', () => {
    const lanes = stoppedAt([0, control('"parked"')]);
    expect(lanes.due(9_999)).toEqual([]);
    expect(lanes.due(10_000)).toEqual([{ entity, reason: 'code 21611: queue full', first: true }]);
  });

  test('counts from the first stop, whatever probes came between', () => {
    const lanes = stoppedAt([0, control('"parked"')], [6_000, control('"probing"')], [7_000, control('"parked"')]);
    expect(lanes.due(10_000)).toHaveLength(1);
  });

  test('that was free again in between is not ended', () => {
    const lanes = stoppedAt([0, control('"parked"')], [6_000, control(null)], [7_000, control('"parked"')]);
    expect(lanes.due(10_000)).toEqual([]);
    expect(lanes.due(17_000)).toHaveLength(1);
  });

  test('is ended again when rows came back to it, and not at every look', () => {
    const lanes = stoppedAt([0, control('"parked"')]);
    lanes.due(10_000);
    expect(lanes.due(11_000)).toEqual([]);
    expect(lanes.due(15_000)).toMatchObject([{ entity, first: false }]);
  });

  test('is never one that a person paused, nor an account', () => {
    const lanes = stoppedAt(
      [0, control('true', { aspect: 'paused', origin: 'operator' })],
      [0, control('"open"', { entity: 'account:demo', aspect: 'breaker' })],
    );
    expect(lanes.due(1e9)).toEqual([]);
  });
});
