// Events once written stay readable: each frozen example was encoded by the build that introduced its schema.
import { readdirSync, readFileSync } from 'node:fs';
import { Codec } from './codec.ts';
import { schemas, type EventTypes } from './generated/events.ts';

interface Frozen {
  readonly event: keyof EventTypes;
  readonly schema: string;
  readonly hex: string;
  readonly data: object;
}

const folder = new URL('../fixtures/', import.meta.url);
const frozen = readdirSync(folder).map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Frozen);
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('frozen events', () => {
  it.each(frozen)('$event decodes to what was written', async ({ event, schema, hex, data }) => {
    const codec = new Codec({ idOf: () => Promise.resolve(1), schemaOf: () => Promise.resolve(schema) });
    const decoded = await codec.decode(Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), Buffer.from(hex, 'hex')]));
    expect(decoded.type).toBe(event);
    expect(asJson(decoded.data)).toMatchObject(data);
  });

  it('exist for every event in its present form; else run `npm run generate:fixtures`', () => {
    const missing = (Object.keys(schemas) as (keyof EventTypes)[]).filter(
      (name) => !frozen.some((f) => f.event === name && f.schema === schemas[name]),
    );
    expect(missing).toEqual([]);
  });
});
