import { Command, CommanderError } from 'commander';
import { addControlCommands } from './commands/control.commands.ts';
import { addDeployCommands } from './commands/deploy.commands.ts';
import { addEventsCommand } from './commands/events.command.ts';
import { addFileCommands } from './commands/file.commands.ts';
import { addPlanCommand } from './commands/plan.command.ts';
import { addReadCommands } from './commands/read.commands.ts';
import { addResendCommand } from './commands/resend.command.ts';
import { addServiceCommands } from './commands/service.commands.ts';
import { addStatusCommand } from './commands/status.command.ts';
import { addSuppressionCommands } from './commands/suppressions.commands.ts';
import { addUpCommand } from './commands/up.command.ts';
import { CliError, exitCodeOf, exitCodes } from './exit-code.ts';
import { closeAccess } from './program-access.ts';

function programOf(): Command {
  const program = new Command('paceline')
    .description("Calls Twilio's APIs from files: metered, traced, replayable, with an account of every row.")
    .option('--data-dir <folder>', 'folder of the local stack', '.paceline')
    .option(
      '--settings <file>',
      'settings file; default PACELINE_SETTINGS, else the one in the data folder; `up` writes demo settings when none is given',
    )
    .option('-o, --output <form>', 'table, json, ndjson or csv', 'table')
    .showHelpAfterError('(paceline --help shows every command)')
    .exitOverride();
  addUpCommand(program);
  addFileCommands(program);
  addPlanCommand(program);
  addStatusCommand(program);
  addReadCommands(program);
  addEventsCommand(program);
  addControlCommands(program);
  addResendCommand(program);
  addSuppressionCommands(program);
  addDeployCommands(program);
  addServiceCommands(program);
  return program;
}

/** Runs one command; resolves to its exit code. An error a person can mend is one line, never a stack trace. */
export async function runCli(args: readonly string[]): Promise<number> {
  const program = programOf();
  try {
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? exitCodes.complete);
  } catch (error) {
    return reportFailure(error);
  } finally {
    await closeAccess(program);
  }
}

function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.complete : exitCodes.usage;
  const { message, stack } = error as Error;
  const code = exitCodeOf(error);
  const unexpected = code === exitCodes.unexpected && !(error instanceof CliError);
  process.stderr.write(`${unexpected && process.env['PACELINE_DEBUG'] !== undefined ? stack : message}\n`);
  return code;
}
