import { existsSync, statSync } from 'node:fs';
import { FileRefused } from '@paceline/adapter-objects';
import { PlanLoad, planOf } from '@paceline/domain/reporting';
import { parseDuration, type Settings } from '@paceline/runtime';
import type { Command } from 'commander';
import { findContactKey } from '../contact-key.ts';
import { CliError, exitCodes } from '../exit-code.ts';
import { laneNames } from '../lane-names.ts';
import { jsonAsked } from '../output-format.ts';
import { planAccounts, planPlace } from '../plan/plan-accounts.ts';
import { planLines, planReport, type PlanReport } from '../plan/plan-view.ts';
import { readPlanFile } from '../plan/read-plan-file.ts';
import { accessOf } from '../program-access.ts';

interface PlanFlags {
  readonly account?: string;
  readonly source?: string;
  readonly answerTime: string;
}

function answerSeconds(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 1 && ms <= 60_000) return ms / 1_000;
  throw new CliError(`--answer-time ${text}: give a duration with its unit (200ms, 2s), from 1ms to 60s`, exitCodes.usage);
}

interface PlanQuestion {
  readonly path: string;
  readonly settings: Settings;
  /** Only joins rows to lanes: any text does when there is no data folder yet. */
  readonly contactKey: string;
  readonly flags: PlanFlags;
}

async function planned({ path, settings, contactKey, flags }: PlanQuestion): Promise<PlanReport> {
  const { source, account } = planPlace(settings, flags);
  const seconds = answerSeconds(flags.answerTime);
  const accounts = planAccounts(settings, contactKey);
  const load = new PlanLoad(accounts, Date.now() * 1_000);
  const file = await readPlanFile({ path, settings, source, account, contactKey, load });
  const plan = planOf(load, { answerSeconds: seconds, minShare: settings.pace.minShare });
  return planReport({ plan, file, source: source.name, account, answerSeconds: seconds, laneNames: laneNames(settings, contactKey) });
}

/** A file that the ingestor would refuse is refused here, in the same words. */
async function refusingFiles<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const { code, reason, line } = error.fault;
    throw new CliError(`refused: ${code}: ${reason}${line === null ? '' : ` (line ${line})`}`, exitCodes.refused);
  }
}

export function addPlanCommand(program: Command): void {
  program
    .command('plan <file>')
    .description('what sending a file would be like, before anything is sent: rows, lanes, the limit that binds, when it would be done')
    .option('--account <name>', 'account of the rows; that of the source when absent')
    .option('--source <name>', 'source whose columns, defaults and limits the file is read by; the first folder when absent')
    .option('--answer-time <duration>', 'how long a call is taken to be in flight', '500ms')
    .addHelpText(
      'after',
      '\nExits with 3 when the file, or the plan, is refused: the problems say what to change.\nExample: paceline --settings my.yaml plan march.csv',
    )
    .action(async (path: string, flags: PlanFlags) => {
      if (!existsSync(path) || !statSync(path).isFile()) throw new CliError(`${path}: no such file`, exitCodes.usage);
      const access = accessOf(program);
      const asJson = jsonAsked(program);
      const contactKey = findContactKey(access.dataDir) ?? 'plan';
      const report = await refusingFiles(planned({ path, settings: access.settings(), contactKey, flags }));
      process.stdout.write(asJson ? `${JSON.stringify(report)}\n` : `${planLines(report).join('\n')}\n`);
      process.exitCode = report.ok ? exitCodes.complete : exitCodes.refused;
    });
}
