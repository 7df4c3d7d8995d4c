import { Codec, event, metaOf, type SchemaIds } from '@paceline/contracts';
import type { OutputRecord } from '@paceline/pipeline';
import type { Message } from 'kafkajs';
import { encodeSends, maxBytesPerSend, maxMessagesPerSend } from './encode-records.ts';

/** What a broker takes in one batch unless it is told otherwise. */
const brokerBatchBytes = 1_048_588;
const noRegistry: SchemaIds = { idOf: () => Promise.resolve(1), schemaOf: () => Promise.reject(new Error('nothing is read here')) };
const changelog = 'paceline.state.error-router';

const control = (entity: string, topic: OutputRecord['topic'] = 'paceline.controls', headers = {}): OutputRecord => ({
  topic,
  key: entity,
  headers,
  event: event('ControlSet', {
    meta: metaOf('ControlSet', { natural: [entity], at: 1, correlationId: entity }),
    ...{ entity, aspect: 'paused', origin: 'operator', value: null, reason: '', by: '' },
  }),
});

const sizeOf = ({ key, value, headers }: Message): number =>
  (key?.length ?? 0) + (value?.length ?? 0) + JSON.stringify(headers ?? {}).length;

describe('sends', () => {
  let codec: Codec;
  beforeEach(async () => {
    codec = new Codec(noRegistry);
    await codec.warm();
  });

  it('are none when there is nothing to write', () => {
    expect(encodeSends(codec, [])).toEqual([]);
  });

  it('hold events and changelog together, in order within each topic', () => {
    const records = [control('a'), control('b', 'paceline.signals'), control('c')];
    const changes = [
      { key: 'x', value: 'one' },
      { key: 'y', value: null },
    ];
    const sends = encodeSends(codec, records, { topic: changelog, partition: 3, changes });
    expect(sends.map((send) => send.map(({ topic, messages }) => [topic, messages.map(({ key }) => key)]))).toEqual([
      [
        ['paceline.controls', ['a', 'c']],
        ['paceline.signals', ['b']],
        [changelog, ['x', 'y']],
      ],
    ]);
    const states = sends[0]?.[2]?.messages ?? [];
    expect(states.map(({ value, partition }) => [value?.toString() ?? null, partition])).toEqual([
      ['one', 3],
      [null, 3],
    ]);
  });

  it('never hold more messages than the client batches in reasonable time', () => {
    const records = Array.from({ length: 2 * maxMessagesPerSend + 1 }, (_, n) => control(`${n}`));
    const counts = encodeSends(codec, records).map((send) => send.reduce((sum, { messages }) => sum + messages.length, 0));
    expect(counts).toEqual([maxMessagesPerSend, maxMessagesPerSend, 1]);
  });

  it('never hold more bytes than a broker takes in one batch, whatever they consist of', () => {
    const long = 'x'.repeat(700);
    const records = Array.from({ length: 900 }, (_, n) => control(`${n}${long}`, 'paceline.controls', { traceparent: long }));
    const changes = Array.from({ length: 900 }, (_, n) => ({ key: `${n}`, value: long.repeat(3) }));
    const sends = encodeSends(codec, records, { topic: changelog, partition: 0, changes });
    const sizes = sends.map((send) => send.flatMap(({ messages }) => messages).reduce((sum, message) => sum + sizeOf(message), 0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(maxBytesPerSend);
    expect(maxBytesPerSend).toBeLessThan(brokerBatchBytes / 1.5);
    expect(sends.flat().flatMap(({ messages }) => messages)).toHaveLength(1_800);
  });

  it('hold a message by itself that is above the bound alone', () => {
    const sends = encodeSends(codec, [control('a'), control('x'.repeat(maxBytesPerSend)), control('b')]);
    expect(sends.map((send) => send.map(({ messages }) => messages.length))).toEqual([[1], [1], [1]]);
  });
});
