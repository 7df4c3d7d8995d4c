import type { ClickHouseSettings } from '@paceline/adapter-clickhouse';
import { secretValue } from '@paceline/runtime';
import { z } from 'zod';

const count = (bounds: { readonly min: number; readonly max: number }): z.ZodCoercedNumber =>
  z.coerce.number('give a number').int('give a whole number').min(bounds.min).max(bounds.max);

/** What the archiver reads from the environment beside the common configuration. */
export const archiverConfigSchema = z.object({
  CLICKHOUSE_URL: z.url({ protocol: /^https?$/, error: 'give an http:// or https:// URL' }).describe('ClickHouse, its HTTP interface'),
  CLICKHOUSE_USER: z.string().default('default').describe('ClickHouse user'),
  CLICKHOUSE_PASSWORD: secretValue.exactOptional().describe('ClickHouse password; CLICKHOUSE_PASSWORD_FILE names a file'),
  CLICKHOUSE_DATABASE: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'letters, digits and _ only')
    .default('paceline')
    .describe('database of the event tables; made when missing'),
  CLICKHOUSE_CA: z.string().exactOptional().describe('PEM of the certificate authority; CLICKHOUSE_CA_FILE names a file'),
  CLICKHOUSE_CERT: z.string().exactOptional().describe('PEM of the client certificate (mTLS)'),
  CLICKHOUSE_KEY: secretValue.exactOptional().describe('PEM of the client key (mTLS)'),
  CLICKHOUSE_MIGRATE: z.stringbool({ error: 'give true or false' }).default(true).describe('make and migrate the database at start'),
  ARCHIVE_BLOCK_ROWS: count({ min: 100, max: 50_000 }).default(10_000).describe('most events in one insert'),
  ARCHIVE_FLUSH_MS: count({ min: 50, max: 60_000 }).default(1_000).describe('longest wait before an insert, milliseconds'),
});

export type ArchiverConfig = z.output<typeof archiverConfigSchema>;

/** How to reach ClickHouse with this configuration. Holds revealed secrets: never log it. */
export function clickHouseOf(config: ArchiverConfig): ClickHouseSettings {
  const { CLICKHOUSE_PASSWORD: password, CLICKHOUSE_CA: ca } = config;
  return {
    url: config.CLICKHOUSE_URL,
    username: config.CLICKHOUSE_USER,
    database: config.CLICKHOUSE_DATABASE,
    ...(password === undefined ? {} : { password: password.reveal() }),
    ...(ca === undefined ? {} : { tls: { ca, ...clientCertificateOf(config) } }),
  };
}

function clientCertificateOf({ CLICKHOUSE_CERT: cert, CLICKHOUSE_KEY: key }: ArchiverConfig): { cert?: string; key?: string } {
  return cert === undefined || key === undefined ? {} : { cert, key: key.reveal() };
}
