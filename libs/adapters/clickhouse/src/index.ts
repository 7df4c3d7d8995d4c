export type { ClickHouseClient } from '@clickhouse/client';
export { connectClickHouse, type ClickHouseSettings } from './connection.ts';
export { prepareDatabase } from './database.ts';
export { ClickHouseEventBlocks } from './event-blocks.clickhouse.ts';
export { failureText, isPassing } from './failures.ts';
export { migrate, MigrationChanged, shippedMigrations, type Migration } from './migrations.ts';
export { applyRetention, type Retention } from './retention.ts';
