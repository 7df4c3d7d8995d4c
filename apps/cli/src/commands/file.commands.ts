import { createWriteStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { CliError, exitCodes } from '../exit-code.ts';
import { placeFile } from '../place-file.ts';
import { accessOf } from '../program-access.ts';
import { sampleFile, type SampleOptions } from '../sample-rows.ts';

interface SubmitOptions {
  readonly source?: string;
  readonly run?: string;
}

interface GenerateOptions {
  readonly format: string;
  readonly seed?: string;
  readonly to: string;
}

async function standardInput(): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of process.stdin.setEncoding('utf8')) chunks.push(String(chunk));
  return chunks;
}

function formatOf(text: string): SampleOptions['format'] {
  if (text === 'csv' || text === 'json' || text === 'ndjson') return text;
  throw new CliError(`--format ${text}: give csv, json or ndjson`, exitCodes.usage);
}

function addSubmit(program: Command): void {
  program
    .command('submit <file>')
    .description('hands a file (or - for standard input) to a watched folder')
    .option('--source <name>', 'the folder source of the settings; the first one when absent')
    .option('--run <id>', 'send the same content again, as a batch of its own')
    .addHelpText('after', '\nExample: paceline submit march.csv --run second-try')
    .action(async (file: string, { source, run }: SubmitOptions) => {
      if (file !== '-' && !existsSync(file)) throw new CliError(`${file}: no such file`, exitCodes.usage);
      const options = {
        settings: accessOf(program).settings(),
        ...(source === undefined ? {} : { source }),
        ...(run === undefined ? {} : { runId: run }),
      };
      const from = file === '-' ? { name: 'standard-input.csv', pieces: await standardInput() } : { path: file };
      const { name, batchId } = await placeFile(from, options);
      process.stdout.write(`${name} is batch ${batchId}\n`);
    });
}

export function addFileCommands(program: Command): void {
  addSubmit(program);
  program
    .command('generate <rows>')
    .description('writes a sample file with the mix of the reference generator: 9 % bad recipients, 16 % bad senders')
    .option('--format <form>', 'csv, json or ndjson', 'csv')
    .option('--seed <number>', 'same seed, same file')
    .option('--to <file>', 'where to write it; - is standard output', '-')
    .action(async (text: string, { format, seed, to }: GenerateOptions) => {
      const rows = Number(text);
      if (!Number.isInteger(rows) || rows < 1) throw new CliError(`${text}: give a number of rows from 1`, exitCodes.usage);
      const pieces = sampleFile({ rows, seed: Number(seed ?? Date.now() % 1_000_000), format: formatOf(format) });
      if (to === '-') for (const piece of pieces) process.stdout.write(piece);
      else await pipeline(Readable.from(pieces), createWriteStream(to));
    });
}
