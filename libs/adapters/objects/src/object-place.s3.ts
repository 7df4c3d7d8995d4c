import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { posix } from 'node:path';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type _Object,
} from '@aws-sdk/client-s3';
import { ObjectChanged, ObjectGone } from './file-refused.ts';
import {
  isSafeName,
  isSourceName,
  markedName,
  optionsSuffix,
  type Companion,
  type FoundObject,
  type ObjectPlace,
  type Settlement,
} from './object-place.ts';

export interface S3Settings {
  /** Base URL of an S3-compatible store; absent = AWS. */
  readonly endpoint?: string;
  readonly region: string;
  /** Absent = the SDK's own chain (environment, profile, role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface S3PlaceOptions {
  readonly source: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly client: S3Client;
}

/** Path style and checksums only where required: other stores than AWS know neither the names nor the trailers. */
export function connectS3({ endpoint, region, credentials }: S3Settings): S3Client {
  return new S3Client({
    region,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}

const statusOf = (error: unknown): number | undefined => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** Nothing there answers 404; another version answers 412. */
function translated(error: unknown, location: string): unknown {
  const status = statusOf(error);
  if (status === 404) return new ObjectGone(`${location} is gone`);
  return status === 412 ? new ObjectChanged(`${location} was replaced`) : error;
}

/**
 * A watched bucket, polled by listing; an object is complete when it is listed. Every read names the version it
 * wants (If-Match), so that a replaced object is noticed by the store itself.
 */
export class S3Place implements ObjectPlace {
  readonly source: string;
  readonly #base: string;

  constructor(private readonly options: S3PlaceOptions) {
    this.source = options.source;
    this.#base = `s3://${options.bucket}/`;
  }

  owns(location: string): boolean {
    return location.startsWith(`${this.#base}${this.options.prefix}`) && this.#isSource(location.slice(this.#base.length));
  }

  async list(): Promise<readonly FoundObject[]> {
    const { client, bucket, prefix } = this.options;
    const found: FoundObject[] = [];
    for (let token: string | undefined; ;) {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(token === undefined ? {} : { ContinuationToken: token }) }),
      );
      for (const object of page.Contents ?? []) if (this.#isSource(object.Key ?? '')) found.push(this.#listed(object));
      token = page.NextContinuationToken;
      if (token === undefined) return found;
    }
  }

  async stat(location: string): Promise<FoundObject | null> {
    const { client, bucket } = this.options;
    try {
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: this.#keyOf(location) }));
      return { location, name: posix.basename(location), sizeBytes: head.ContentLength ?? 0, etag: head.ETag ?? '' };
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  async *open(location: string, { etag, from = 0 }: { readonly etag: string | null; readonly from?: number }): AsyncGenerator<Buffer> {
    const { client, bucket } = this.options;
    try {
      const answer = await client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: this.#keyOf(location),
          ...(etag === null ? {} : { IfMatch: etag }),
          ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
        }),
      );
      for await (const chunk of answer.Body as AsyncIterable<Uint8Array>)
        yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    } catch (error) {
      throw translated(error, location);
    }
  }

  async optionsOf(location: string): Promise<string | null> {
    try {
      const parts: Buffer[] = [];
      for await (const part of this.open(`${location}${optionsSuffix}`, { etag: null })) parts.push(part);
      return Buffer.concat(parts).toString('utf8');
    } catch (error) {
      if (error instanceof ObjectGone) return null;
      throw error;
    }
  }

  /** Copies the very version that was read, then removes the original: a newer one under the same key stays. */
  async settle(settlement: Settlement): Promise<void> {
    const now = await this.stat(settlement.location);
    if (now === null || (settlement.etag !== null && now.etag !== settlement.etag)) return;
    const key = this.#keyOf(settlement.location);
    const target = await this.#shelfKey(key, settlement);
    for (const companion of settlement.companions) await this.#put(`${target}${companion.suffix}`, companion);
    if ((await this.optionsOf(settlement.location)) !== null) {
      await this.#move(`${key}${optionsSuffix}`, `${target}${optionsSuffix}`, null);
    }
    await this.#move(key, target, now.etag);
  }

  async #shelfKey(key: string, { shelf, mark }: Settlement): Promise<string> {
    const { prefix } = this.options;
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const plain = `${folder}${shelf}/${key.slice(folder.length)}`;
    if ((await this.stat(`${this.#base}${plain}`)) === null) return plain;
    return posix.join(posix.dirname(plain), markedName(posix.basename(plain), mark));
  }

  async #put(key: string, { content }: Companion): Promise<void> {
    const { client, bucket } = this.options;
    const body =
      typeof content === 'string'
        ? { Body: content }
        : { Body: createReadStream(content.path), ContentLength: (await stat(content.path)).size };
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, ...body }));
  }

  async #move(from: string, to: string, etag: string | null): Promise<void> {
    const { client, bucket } = this.options;
    const source = `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
    await client.send(
      new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: source, ...(etag === null ? {} : { CopySourceIfMatch: etag }) }),
    );
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: from, ...(etag === null ? {} : { IfMatch: etag }) }));
  }

  #keyOf(location: string): string {
    if (!location.startsWith(this.#base)) throw new ObjectGone(`${location} is no object of ${this.source}`);
    return location.slice(this.#base.length);
  }

  #isSource(key: string): boolean {
    const { prefix } = this.options;
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const inside = key.slice(folder.length);
    return isSafeName(key) && !/^(?:done|refused)\//.test(inside) && !key.endsWith('/') && isSourceName(posix.basename(key));
  }

  #listed({ Key = '', Size = 0, ETag = '' }: _Object): FoundObject {
    return { location: `${this.#base}${Key}`, name: posix.basename(Key), sizeBytes: Size, etag: ETag };
  }
}
