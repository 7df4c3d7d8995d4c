import { startService, stopService } from '@paceline/local';
import type { Command } from 'commander';
import { accessOf } from '../program-access.ts';

export function addServiceCommands(program: Command): void {
  const service = program.command('service').description('one process of the local stack, by its recorded pid');
  service
    .command('start <name>')
    .description('starts a recorded process again with the environment it had')
    .action(async (name: string) => {
      const { pid } = await startService(accessOf(program).dataDir, name);
      process.stdout.write(`${name} runs as pid ${pid}\n`);
    });
  service
    .command('stop <name>')
    .description('stops a recorded process; nothing restarts it until it is started again')
    .action(async (name: string) => {
      process.stdout.write(`${name}: ${await stopService(accessOf(program).dataDir, name)}\n`);
    });
}
