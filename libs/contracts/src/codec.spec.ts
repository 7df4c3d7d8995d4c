import { Codec, RegistryUnavailable, UndecodableRecord, type SchemaIds } from './codec.ts';
import { event } from './events.ts';
import { schemas, type EventTypes } from './generated/events.ts';
import { attemptIdOf, metaOf, parseAttemptId, requestIdOf } from './ids.ts';

const names = Object.keys(schemas) as (keyof EventTypes)[];
const ids: SchemaIds = {
  idOf: (name) => Promise.resolve(names.indexOf(name) + 1),
  schemaOf: (id) => Promise.resolve(schemas[names[id - 1] ?? 'FileFound']),
};

const paused = event('ControlSet', {
  meta: metaOf('ControlSet', { natural: ['account:demo', 'paused'], at: 1_700_000_000_123_456, correlationId: 'account:demo' }),
  entity: 'account:demo',
  aspect: 'paused',
  origin: 'operator',
  value: 'true',
  reason: 'lunch',
  by: 'pause',
});

describe('Codec', () => {
  it('decodes what it encoded, microseconds included', async () => {
    const codec = new Codec(ids);
    await codec.warm();
    expect(await codec.decode(codec.encode(paused))).toEqual(paused);
  });

  it('writes the Confluent wire format: magic byte 0 and the id under which the registry holds the schema', async () => {
    const codec = new Codec(ids);
    await codec.warm(['ControlSet']);
    const bytes = codec.encode(paused);
    expect(bytes[0]).toBe(0);
    expect(bytes.readUInt32BE(1)).toBe(names.indexOf('ControlSet') + 1);
  });

  it('reads events of its own version without the registry, once warm', async () => {
    const writer = new Codec(ids);
    await writer.warm();
    const reader = new Codec({ ...ids, schemaOf: () => Promise.reject(new RegistryUnavailable('away')) });
    await reader.warm();
    expect(reader.decode(writer.encode(paused))).toEqual(paused);
  });

  it.each([
    ['no bytes', null],
    ['another magic byte', Buffer.from([1, 0, 0, 0, 1, 2])],
    ['a short record', Buffer.from([0, 0])],
  ])('calls %s undecodable', (_name, bytes) => {
    expect(() => new Codec(ids).decode(bytes)).toThrow(UndecodableRecord);
  });

  it('calls a truncated body undecodable', async () => {
    const codec = new Codec(ids);
    await codec.warm();
    const bytes = codec.encode(paused);
    await expect(Promise.resolve().then(() => codec.decode(bytes.subarray(0, bytes.length - 4)))).rejects.toThrow(UndecodableRecord);
  });

  it('reads a field that an older writer did not have as its default', async () => {
    const older = JSON.parse(schemas.ControlSet) as { fields: { name: string }[] };
    const withoutValue = { ...older, fields: older.fields.filter(({ name }) => name !== 'value') };
    const oldIds: SchemaIds = { ...ids, schemaOf: () => Promise.resolve(JSON.stringify(withoutValue)) };
    const { default: avsc } = await import('avsc');
    const data: Record<string, unknown> = { ...paused.data };
    delete data['value'];
    const body = avsc.Type.forSchema(withoutValue as never, { wrapUnions: false }).toBuffer(data);
    const decoded = await new Codec(oldIds).decode(Buffer.concat([Buffer.from([0, 0, 0, 0, 9]), body]));
    expect(decoded.data).toEqual({ ...paused.data, value: null });
  });
});

describe('ids', () => {
  it('are the same for the same parts and differ when the parts are cut elsewhere', () => {
    expect(requestIdOf('batch', 1)).toBe(requestIdOf('batch', 1));
    expect(requestIdOf('batch1', 2)).not.toBe(requestIdOf('batch', 12));
  });

  it('split an attempt id into what made it', () => {
    expect(parseAttemptId(attemptIdOf('abc', 12))).toEqual({ requestId: 'abc', attempt: 12 });
  });
});
