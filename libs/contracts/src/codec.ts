import avsc from 'avsc';
import { event as makeEvent, type Event, type EventName } from './events.ts';
import { schemas, type EventTypes } from './generated/events.ts';

/** Where schema ids come from: the registry, or a fixed table in tests. */
export interface SchemaIds {
  /** Id under which exactly this schema is registered; rejects with SchemaNotRegistered or RegistryUnavailable. */
  idOf(name: EventName, schema: string): Promise<number>;
  /** Writer schema (JSON) of an id; rejects with UnknownSchemaId or RegistryUnavailable. */
  schemaOf(id: number): Promise<string>;
}

/** The registry cannot be asked now: pause and try again; never a reason to dead-letter. */
export class RegistryUnavailable extends Error {
  override readonly name = 'RegistryUnavailable';
}

/** The registry answered that this schema is not registered: `paceline schemas apply` has not run. */
export class SchemaNotRegistered extends Error {
  override readonly name = 'SchemaNotRegistered';
}

/** These bytes are no event of ours, now or later: a dead letter. */
export class UndecodableRecord extends Error {
  override readonly name = 'UndecodableRecord';
}

const magicByte = 0;
const headerBytes = 5;

/** Timestamps stay plain numbers of microseconds: the logical type is documentation for other readers. */
const parse = (schema: string): avsc.Type => avsc.Type.forSchema(JSON.parse(schema) as avsc.Schema, { wrapUnions: false });

interface Reader {
  readonly name: EventName;
  readonly type: avsc.Type;
  readonly resolver: avsc.Type['createResolver'] extends (...args: never[]) => infer R ? R : never;
}

/**
 * Confluent wire format over Avro. Encoding is synchronous once `warm` resolved; decoding is synchronous for every
 * writer id seen before. One resolver per writer id is cached: the registry client's per-message one costs 100x.
 */
export class Codec {
  readonly #ids: SchemaIds;
  readonly #types = new Map<EventName, avsc.Type>();
  readonly #idOf = new Map<EventName, number>();
  readonly #readers = new Map<number, Reader>();
  #buffer = Buffer.allocUnsafe(64 * 1024);

  constructor(ids: SchemaIds) {
    this.#ids = ids;
  }

  /**
   * Looks up the ids of these events, all unless told. From then on they are written, and read as this version writes
   * them, without the registry: it may be away when the first of a kind comes. Rejects when one is not registered.
   */
  async warm(names: readonly EventName[] = Object.keys(schemas) as EventName[]): Promise<void> {
    await Promise.all(names.map((name) => this.#warm(name)));
  }

  async #warm(name: EventName): Promise<void> {
    if (this.#idOf.has(name)) return;
    const id = await this.#ids.idOf(name, schemas[name]);
    const type = this.#typeOf(name);
    this.#idOf.set(name, id);
    this.#readers.set(id, { name, type, resolver: type.createResolver(type) });
  }

  encode(event: Event): Buffer {
    const id = this.#idOf.get(event.type);
    if (id === undefined) throw new Error(`codec: ${event.type} was not warmed; call warm(['${event.type}']) at start`);
    const end = this.#write(this.#typeOf(event.type), event.data);
    this.#buffer.writeUInt8(magicByte, 0);
    this.#buffer.writeUInt32BE(id, 1);
    return Buffer.from(this.#buffer.subarray(0, end));
  }

  /** Decodes with the writer's schema into ours; throws UndecodableRecord or rejects with RegistryUnavailable. */
  decode(bytes: Buffer | null): Event | Promise<Event> {
    if (bytes === null || bytes.length < headerBytes || bytes[0] !== magicByte) {
      throw new UndecodableRecord('not in the Confluent wire format (magic byte 0, 4-byte schema id)');
    }
    const id = bytes.readUInt32BE(1);
    const reader = this.#readers.get(id);
    return reader === undefined ? this.#learn(id).then((learnt) => read(learnt, bytes)) : read(reader, bytes);
  }

  #write(type: avsc.Type, data: EventTypes[EventName]): number {
    for (;;) {
      const end = type.encode(data, this.#buffer, headerBytes);
      if (end >= 0) return end;
      this.#buffer = Buffer.allocUnsafe((this.#buffer.length - end) * 2);
    }
  }

  #typeOf(name: EventName): avsc.Type {
    let type = this.#types.get(name);
    if (type === undefined) this.#types.set(name, (type = parse(schemas[name])));
    return type;
  }

  async #learn(id: number): Promise<Reader> {
    const writer = parse(await this.#ids.schemaOf(id));
    const name = (writer.name ?? '').replace(/^paceline\./, '') as EventName;
    if (!(name in schemas)) throw new UndecodableRecord(`schema ${id} (${writer.name ?? 'unnamed'}) is no event of ours`);
    const type = this.#typeOf(name);
    const reader = { name, type, resolver: type.createResolver(writer) };
    this.#readers.set(id, reader);
    return reader;
  }
}

function read(reader: Reader, bytes: Buffer): Event {
  try {
    const data = reader.type.fromBuffer(bytes.subarray(headerBytes), reader.resolver) as EventTypes[EventName];
    return makeEvent(reader.name, data as never);
  } catch (error) {
    throw new UndecodableRecord(`${reader.name}: ${(error as Error).message}`);
  }
}
