import { describe, expect, it } from '@jest/globals';
import { bootstrapOf, brokersOf, isBroker, portOffsets } from './ports.ts';

describe('the port plan', () => {
  it('gives every process a port of its own', () => {
    const offsets = Object.values(portOffsets);
    expect(new Set(offsets).size).toBe(offsets.length);
  });

  it('a lone broker is called kafka', () => {
    expect(brokersOf(18_080, 1)).toEqual([{ name: 'kafka', port: 18_081, controllerPort: 18_082 }]);
  });

  it('each of three has its name and its two ports', () => {
    const brokers = brokersOf(18_080, 3);
    expect(brokers.map(({ name }) => name)).toEqual(['kafka-1', 'kafka-2', 'kafka-3']);
    expect(new Set(brokers.flatMap(({ port, controllerPort }) => [port, controllerPort])).size).toBe(6);
    expect(bootstrapOf(brokers)).toBe('127.0.0.1:18081,127.0.0.1:18104,127.0.0.1:18106');
  });

  it.each([
    ['kafka', true],
    ['kafka-3', true],
    ['registry', false],
  ])('%s is a broker: %s', (name, broker) => expect(isBroker(name)).toBe(broker));
});
