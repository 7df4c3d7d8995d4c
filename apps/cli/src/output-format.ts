import type { Command } from 'commander';
import { CliError, exitCodes } from './exit-code.ts';
import type { OutputFormat } from './print.ts';

/** The form that -o asks for. */
export function formatOf(program: Command): OutputFormat {
  const { output } = program.opts<{ output: string }>();
  if (output === 'table' || output === 'json' || output === 'ndjson' || output === 'csv') return output;
  throw new CliError(`--output ${output}: give table, json, ndjson or csv`, exitCodes.usage);
}

/** For commands whose answer is no list: a page for people, or one JSON object. */
export function jsonAsked(program: Command): boolean {
  const format = formatOf(program);
  if (format === 'table' || format === 'json') return format === 'json';
  throw new CliError(`--output ${format}: this command gives table or json`, exitCodes.usage);
}
