import avsc from 'avsc';
import { schemas } from '@paceline/contracts';
import type { Waiting } from '@paceline/domain/pacing';

/** The offset is the row's key and is not repeated. */
type Stored = Omit<Waiting, 'offset'>;

interface RecordSchema {
  readonly fields: readonly { readonly name: string; readonly type: avsc.Schema }[];
}

function typeOfField(schema: string, field: string): avsc.Schema {
  const found = (JSON.parse(schema) as RecordSchema).fields.find(({ name }) => name === field);
  if (found === undefined) throw new Error(`the contracts have no field ${field} where the row store expects it`);
  return found.type;
}

/** Every field of a waiting row: one that is missing here does not compile. */
const fields: Readonly<Record<keyof Stored, avsc.Schema>> = {
  request: typeOfField(schemas.RequestAdmitted, 'request'),
  attempt: 'int',
  backoff: typeOfField(schemas.RetryScheduled, 'backoff'),
  notBefore: 'long',
  since: 'long',
  causationId: 'string',
  returned: ['null', 'long'],
  traceparent: ['null', 'string'],
};

const type = avsc.Type.forSchema(
  { type: 'record', name: 'Waiting', fields: Object.entries(fields).map(([name, schema]) => ({ name, type: schema })) },
  { wrapUnions: false },
);

/** Waiting rows as Avro, half the size of JSON at the same cost. Never read by another process, so without a schema id. */
export class WaitingBytes {
  #buffer = Buffer.allocUnsafe(64 * 1024);

  /** Valid until the next call. */
  encode(item: Waiting): Buffer {
    for (;;) {
      const end = type.encode(item, this.#buffer, 0);
      if (end >= 0) return this.#buffer.subarray(0, end);
      this.#buffer = Buffer.allocUnsafe((this.#buffer.length - end) * 2);
    }
  }

  decode(offset: number, bytes: Uint8Array): Waiting {
    const stored = type.fromBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) as Stored;
    return { offset, ...stored };
  }
}
