import { defaultPortBase } from '@paceline/local';
import type { Command } from 'commander';
import { up } from '../up/up.ts';
import { upOptions, type UpFlags } from '../up/up-options.ts';

export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description('starts the local stack and runs the main job; `npm start` is this command')
    .option('--once', 'end when every row has its outcome')
    .option(
      '--file <path>',
      'process this file in place of the demo sample; repeatable',
      (path: string, all: string[]) => [...all, path],
      [] as string[],
    )
    .option('--json', 'the last line of standard output is the report')
    .option('--fresh', 'begin with an empty data folder')
    .option('--port-base <number>', 'first of the ports used', String(defaultPortBase))
    .option('--brokers <number>', 'brokers of Kafka: 1, or 3 with a replica of everything on each', '1')
    .option('--rows <number>', 'rows of the demo sample', '1000')
    .option('--no-simulator', 'start no simulator')
    .option('--no-restart', 'do not restart a service that dies')
    .option('--yes', 'ask nothing')
    .action(async (_flags: object, command: Command) => {
      process.exitCode = await up(upOptions(command.optsWithGlobals<UpFlags>()));
    });
}
