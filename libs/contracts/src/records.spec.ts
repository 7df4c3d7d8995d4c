import { readdirSync, readFileSync } from 'node:fs';
import { event, type Event, type EventName } from './events.ts';
import { schemas } from './generated/events.ts';
import { keyOf, recordOf } from './records.ts';
import { topicNames, topics } from './topics.ts';

const folder = new URL('../fixtures/', import.meta.url);
const samples = readdirSync(folder).map((file) => {
  const { event: type, data } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { event: EventName; data: object };
  return { type, data } as Event;
});

describe('the place of an event', () => {
  it.each(Object.keys(schemas) as EventName[])('%s is in one topic', (name) => {
    expect(topicNames.filter((topic) => topics[topic].events.some((held) => held === name))).toHaveLength(1);
  });

  it.each(samples.map((sample) => [sample.type, sample] as const))('%s has its topic and a key', (type, sample) => {
    const { topic, key } = recordOf(sample);
    expect(topics[topic].events).toContain(type);
    expect(key).toMatch(/^[^\s]+$/);
    expect(key).not.toContain('undefined');
  });

  it('has headers only where they were given', () => {
    const [sample] = samples;
    if (sample === undefined) throw new Error('no sample');
    expect(recordOf(sample)).not.toHaveProperty('headers');
    expect(recordOf(sample, { a: '1' }).headers).toEqual({ a: '1' });
  });
});

describe('the key of a suppression', () => {
  const found = samples.find(({ type }) => type === 'SuppressionSet');
  if (found?.type !== 'SuppressionSet') throw new Error('no sample');
  const of = (over: Partial<typeof found.data>): string => keyOf(event('SuppressionSet', { ...found.data, lifted: false, ...over }));

  it('differs by contact, channel, scope and origin, and for a lift', () => {
    const keys = [{}, { contact: 'x' }, { channel: 'x' }, { scope: 'x' }, { origin: 'import' }, { lifted: true }].map(of);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is the same for whatever a person says of it again, and another one for each answer', () => {
    const [one, other] = ['1', '2'].map((eventId) => ({ ...found.data.meta, eventId }));
    if (one === undefined || other === undefined) throw new Error('no meta');
    expect(of({ origin: 'operator', meta: one })).toBe(of({ origin: 'operator', meta: other }));
    expect(of({ origin: 'code:21610', meta: one })).not.toBe(of({ origin: 'code:21610', meta: other }));
  });
});
