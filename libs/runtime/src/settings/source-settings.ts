import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { duration } from '../values.ts';
import { NAME, NAME_HINT } from './account-settings.ts';
import type { TextSources } from './external-text.ts';

/** What bounds one source file; reaching one is a clear refusal, nothing half-done. */
export interface IngestLimits {
  readonly maxFileBytes: number;
  readonly maxRows: number;
  readonly maxColumns: number;
  readonly maxFieldLength: number;
  readonly maxJsonDepth: number;
  readonly maxGzipRatio: number;
  /** Rows per transaction. */
  readonly chunkRows: number;
}

export interface SourceSettings {
  readonly name: string;
  readonly account: string;
  readonly mode: 'stream' | 'validate-first';
  readonly columns: Readonly<Record<string, string>>;
  readonly defaults: Readonly<Record<string, string>>;
  readonly sameContent: 'refuse' | 'newRun' | 'allow';
  /** Absolute. Exactly one of folder, bucket and topic is given. */
  readonly folder?: string;
  readonly bucket?: string;
  readonly prefix?: string;
  readonly topic?: string;
  readonly stableMs: number;
  /** Complete: the source's own, else those of `ingest.limits`. */
  readonly limits: IngestLimits;
}

const whole = (min: number, max: number) => {
  const hint = `give a whole number from ${min} to ${max}`;
  return z.int(hint).min(min, hint).max(max, hint);
};

const bounds = {
  maxFileBytes: whole(1, 1_099_511_627_776).describe('most bytes of a file after decompression'),
  maxRows: whole(1, 100_000_000).describe('most rows of a file'),
  maxColumns: whole(1, 2_000).describe('most columns of a row'),
  maxFieldLength: whole(1, 1_000_000).describe('most characters of a field; what is sent of a row is bounded to 65,536 in all'),
  maxJsonDepth: whole(2, 64).describe('deepest nesting of a JSON row'),
  maxGzipRatio: whole(2, 10_000).describe('most bytes out per byte in of a gzip file'),
  chunkRows: whole(1, 10_000).describe('rows admitted in one transaction'),
};

export const defaultLimits: IngestLimits = {
  maxFileBytes: 10_737_418_240,
  maxRows: 20_000_000,
  maxColumns: 200,
  maxFieldLength: 65_536,
  maxJsonDepth: 8,
  maxGzipRatio: 200,
  chunkRows: 500,
};

type LimitName = keyof typeof bounds;
type LimitShape<K extends LimitName = LimitName> = { [N in K]: z.ZodDefault<(typeof bounds)[N]> };
type PartialLimitShape<K extends LimitName = LimitName> = { [N in K]: z.ZodExactOptional<(typeof bounds)[N]> };

const names = Object.keys(bounds) as LimitName[];
const limitShape = Object.fromEntries(names.map((name) => [name, bounds[name].default(defaultLimits[name])])) as LimitShape;
const ownLimitShape = Object.fromEntries(names.map((name) => [name, bounds[name].exactOptional()])) as PartialLimitShape;

export const limitsSchema = z.strictObject(limitShape);
const ownLimitsSchema = z.strictObject(ownLimitShape);

const texts = z.record(z.string().min(1), z.union([z.string(), z.number(), z.boolean()], { error: 'give a text' }).transform(String));

/** Limits here are the source's own only; `completeSource` fills the rest. */
export const sourceSchema = (sources: TextSources) =>
  z
    .strictObject({
      name: z.string('give the source a name').regex(NAME, NAME_HINT).describe('name of the source'),
      account: z.string('name the account that the rows belong to').describe('name of the account that makes the calls'),
      mode: z
        .enum(['stream', 'validate-first'], 'give stream or validate-first')
        .default('stream')
        .describe('stream = rows are admitted as they are read; validate-first = the whole file is checked before any row is'),
      columns: texts.default({}).describe('parameter name: column name, where they differ'),
      defaults: texts.default({}).describe('parameter name: value for rows without one'),
      sameContent: z
        .enum(['refuse', 'newRun', 'allow'], 'give refuse, newRun or allow')
        .default('refuse')
        .describe('what to do with content that was processed before'),
      folder: z
        .string()
        .min(1)
        .transform((folder) => (isAbsolute(folder) ? folder : resolve(sources.folder, folder)))
        .exactOptional()
        .describe("watched folder; relative to the settings file's folder"),
      bucket: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,62}$/, 'give a bucket name')
        .exactOptional()
        .describe('watched S3-compatible bucket'),
      prefix: z.string().exactOptional().describe('only objects whose key starts so'),
      topic: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,249}$/, 'give a topic name')
        .exactOptional()
        .describe('intake topic'),
      stable: duration({ min: '0ms', max: '1h' }).prefault('2s').describe('a file is taken when size and time stood still for so long'),
      limits: ownLimitsSchema.prefault({}).describe('bounds of this source, over those of ingest.limits'),
    })
    .describe('where files come from: exactly one of folder, bucket, topic');

export type OwnSource = z.output<ReturnType<typeof sourceSchema>>;

export function completeSource(source: OwnSource, common: IngestLimits): SourceSettings {
  const { stable, limits, ...rest } = source;
  return { ...rest, stableMs: stable, limits: { ...common, ...limits } };
}
