import { applyTopics, topicWeaknesses } from '@paceline/adapter-kafka';
import { applySchemas } from '@paceline/contracts';
import type { Command } from 'commander';
import { applySettings } from '../apply-settings.ts';
import { exitCodes } from '../exit-code.ts';
import { jsonAsked } from '../output-format.ts';
import { accessOf } from '../program-access.ts';
import { settingsReport, settingsLines } from '../settings-report.ts';

interface TopicsOptions {
  readonly replication?: string;
}

function addSettingsCheck(program: Command, settings: Command): void {
  settings
    .command('check')
    .description('reads the settings file and shows every problem at once, and what is allowed but hardly meant')
    .action(() => {
      const access = accessOf(program);
      const report = settingsReport(access.settingsPath(), access.loadedSettings());
      if (jsonAsked(program)) process.stdout.write(`${JSON.stringify(report)}\n`);
      else (report.ok ? process.stdout : process.stderr).write(`${settingsLines(report).join('\n')}\n`);
      process.exitCode = report.ok ? exitCodes.complete : exitCodes.usage;
    });
}

export function addDeployCommands(program: Command): void {
  const settings = program.command('settings').description('the settings file');
  addSettingsCheck(program, settings);
  settings
    .command('apply')
    .description('writes what changed in the settings file since it was last applied to the running system')
    .action(async () => {
      const changed = await applySettings(accessOf(program));
      process.stdout.write(changed.length === 0 ? 'nothing changed\n' : `${changed.join('\n')}\n`);
    });
  program
    .command('topics')
    .description('the topics of the log')
    .command('apply')
    .description('creates missing topics, checks the others, sets the first offsets of groups on what it created')
    .option('--replication <factor>', "replicas of each topic created; the cluster's default unless given")
    .action(async ({ replication }: TopicsOptions) => {
      const kafka = await accessOf(program).kafka();
      const created = await applyTopics(kafka, replication === undefined ? {} : { replicationFactor: Number(replication) });
      process.stdout.write(created.length === 0 ? 'all topics are there\n' : `created: ${created.join(', ')}\n`);
      const weaknesses = await topicWeaknesses(kafka);
      if (weaknesses.length > 0) process.stderr.write(`these would not survive the loss of a broker:\n  ${weaknesses.join('\n  ')}\n`);
    });
  program
    .command('schemas')
    .description('the schemas of the events')
    .command('apply')
    .description('registers every event schema; refuses an incompatible one')
    .action(async () => {
      const ids = await applySchemas(await accessOf(program).registry());
      process.stdout.write(`${ids.size} schemas are registered\n`);
    });
}
