import { BlocksUnavailable } from '@paceline/domain/archiving';
import { connectClickHouse } from './connection.ts';
import { ClickHouseEventBlocks } from './event-blocks.clickhouse.ts';
import { migrate, MigrationChanged, shippedMigrations } from './migrations.ts';
import { applyRetention } from './retention.ts';
import { sampleHistory } from './sample-batch.suite.ts';
import { recentMicros, SpecDatabase } from './spec-database.suite.ts';

const database = new SpecDatabase('blocks');
const batchId = 'b'.repeat(32);
const startMicros = recentMicros();

beforeAll(async () => {
  expect(await database.prepare()).toEqual(shippedMigrations().map(({ name }) => name));
});

afterAll(() => database.drop());

describe('migrations', () => {
  it('applied a second time change nothing', async () => {
    expect(await database.prepare()).toEqual([]);
  });

  it('are refused when an applied file was changed', async () => {
    const [first, ...rest] = shippedMigrations();
    if (first === undefined) throw new Error('no migrations');
    await expect(migrate(database.client, [{ ...first, sql: `${first.sql}\n-- edited` }, ...rest])).rejects.toThrow(MigrationChanged);
  });

  it('set how long rows are kept', async () => {
    const kept = () =>
      database.ask<{ name: string; engine_full: string }>('SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()');
    await applyRetention(database.client, { eventsDays: 500, personalDays: 7 });
    const engines = new Map((await kept()).map(({ name, engine_full }) => [name, engine_full]));
    expect(engines.get('events')).toContain('toIntervalDay(500)');
    expect(engines.get('personal')).toContain('toIntervalDay(7)');
  });
});

describe('a block', () => {
  const history = sampleHistory(batchId, startMicros);
  const block = history.block();

  it('counts once, however often the block is sent', async () => {
    const blocks = new ClickHouseEventBlocks(database.client);
    for (let times = 0; times < 3; times += 1) await blocks.insertBlock(block, '0|sample:0-70');
    expect(await database.ask('SELECT count() AS events, uniqExact(event_id) AS facts FROM events')).toEqual([
      { events: block.events.length, facts: block.events.length },
    ]);
    expect(await database.ask('SELECT count() AS rows FROM personal')).toEqual([{ rows: block.personal.length }]);
  });

  it('counts once even when the same facts come under another token', async () => {
    await new ClickHouseEventBlocks(database.client).insertBlock(block, '0|other:0-70');
    expect(await database.ask('SELECT count() AS events FROM events FINAL')).toEqual([{ events: block.events.length }]);
  });
});

describe('failures', () => {
  it('a server that is not there is worth waiting for', async () => {
    const nowhere = connectClickHouse({ ...database.settings, url: 'http://127.0.0.1:1' });
    const blocks = new ClickHouseEventBlocks(nowhere);
    await expect(blocks.insertBlock(sampleHistory(batchId, startMicros).block(), 'x')).rejects.toThrow(BlocksUnavailable);
    expect(blocks.failure).toMatch(/ECONNREFUSED/);
    await nowhere.close();
  });

  it('a table that is not there needs a person', async () => {
    const elsewhere = connectClickHouse({ ...database.settings, database: 'default' });
    const failure = await new ClickHouseEventBlocks(elsewhere)
      .insertBlock(sampleHistory(batchId, startMicros).block(), 'x')
      .catch((error: unknown) => error);
    expect(failure).not.toBeInstanceOf(BlocksUnavailable);
    expect((failure as Error).message).toMatch(/code 60/);
    await elsewhere.close();
  });
});
