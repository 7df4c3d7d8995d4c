import { z } from 'zod';

/** What the ingestor reads from the environment beyond the common configuration. */
export const ingestorConfig = z.object({
  S3_ENDPOINT: z.url().exactOptional().describe('S3-compatible store; absent = AWS'),
  S3_REGION: z.string().default('us-east-1').describe('region of the store'),
});

export type IngestorConfig = z.output<typeof ingestorConfig>;
