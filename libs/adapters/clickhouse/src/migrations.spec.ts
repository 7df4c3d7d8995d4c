import { shippedMigrations, statementsOf } from './migrations.ts';

const statements = shippedMigrations().flatMap(({ sql }) => statementsOf(sql));
const tables = statements.filter((statement) => statement.includes('CREATE TABLE'));
const views = statements.filter((statement) => statement.includes('VIEW'));

describe('the shipped schema', () => {
  it('is numbered without gaps', () => {
    expect(shippedMigrations().map(({ number }) => number)).toEqual(shippedMigrations().map((_, index) => index + 1));
  });

  it('can be repeated, statement by statement', () => {
    expect(statements.filter((statement) => !/CREATE (TABLE IF NOT EXISTS|OR REPLACE VIEW)/.test(statement))).toEqual([]);
  });

  it('drops a block that is sent again, in every table', () => {
    expect(tables.length).toBe(2);
    for (const table of tables) expect(table).toContain('non_replicated_deduplication_window = 10000');
  });

  it('sorts every table down to the event id', () => {
    for (const table of tables) expect(table).toMatch(/ORDER BY \([^)]*event_id\)/);
  });

  it('explains every view with an example', () => {
    for (const view of views) expect(view).toMatch(/^-- SELECT .* FROM [a-z_]+/m);
  });

  it('splits statements at the end of a line only', () => {
    expect(statementsOf("-- a; b\nSELECT ';' AS x;\nSELECT 2;\n-- the end\n")).toEqual(["-- a; b\nSELECT ';' AS x", 'SELECT 2']);
  });
});
