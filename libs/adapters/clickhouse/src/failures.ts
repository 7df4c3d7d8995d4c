import { ClickHouseError } from '@clickhouse/client';
import { maskText } from '@paceline/domain/archiving';

/**
 * Server codes that pass by themselves: timeouts, memory, load, too many parts, read-only, no place, no keeper.
 * Everything else the server says (rights, unknown table or column, data it cannot parse) needs a person.
 */
const passing: ReadonlySet<number> = new Set([
  3, 74, 76, 159, 160, 164, 201, 202, 203, 209, 210, 236, 241, 242, 243, 252, 279, 285, 319, 373, 394, 425, 439, 999, 1000, 1002,
]);

/** True when sending the same again later may work; an error without a server's code never reached it or lost its answer. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof ClickHouseError) || passing.has(Number(error.code));
}

/** One line for a log. The server may quote what it could not read, so numbers in it are hidden. */
export function failureText(error: unknown): string {
  const [line = ''] = (error as Error).message.split('\n');
  return maskText(`${error instanceof ClickHouseError ? `code ${error.code}: ` : ''}${line.slice(0, 300)}`);
}
