import { recordOf } from '@paceline/contracts';
import { resendBatchIdOf, resendRequested } from '@paceline/domain/resend';
import { parseDuration } from '@paceline/runtime';
import type { Command } from 'commander';
import { findContactKey } from '../contact-key.ts';
import { askedBy, nowMicros, withWishOptions, type WishOptions } from '../control-writing.ts';
import { CliError, exitCodes } from '../exit-code.ts';
import { laneNames } from '../lane-names.ts';
import { jsonAsked } from '../output-format.ts';
import { planAccounts } from '../plan/plan-accounts.ts';
import { accessOf, type Access } from '../program-access.ts';
import { awaitResend, type ResendAnswer } from '../resend/await-resend.ts';
import { previewResend } from '../resend/resend-preview.ts';
import { resendLines, resendReport, type ResendReport } from '../resend/resend-view.ts';
import { rowsWanted, type ResendFlags, type RowsWanted } from '../resend/resend-wish.ts';

const patienceMs = 30_000;

interface Asked {
  readonly wanted: RowsWanted;
  readonly flags: ResendFlags & WishOptions;
  /** Rows that end after this instant are in none of it. */
  readonly now: number;
}

function answerSeconds(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 1 && ms <= 60_000) return ms / 1_000;
  throw new CliError(`--answer-time ${text}: give a duration with its unit (200ms, 2s), from 1ms to 60s`, exitCodes.usage);
}

async function preview(access: Access, batch: string, { wanted, flags, now }: Asked): Promise<ResendReport> {
  const settings = access.settings();
  const key = findContactKey(access.dataDir) ?? 'plan';
  const question = {
    ...{ batch, wanted, now, accounts: planAccounts(settings, key), minShare: settings.pace.minShare },
    answerSeconds: answerSeconds(flags.answerTime),
  };
  return resendReport(await previewResend(await access.log(), question), laneNames(settings, key));
}

async function send(access: Access, batchId: string, { wanted, flags, now }: Asked): Promise<{ batchId: string; answer: ResendAnswer }> {
  const command = resendRequested({ batchId, ...wanted, by: askedBy(flags), reason: flags.reason }, now);
  await (await access.codec()).warm(['ResendRequested']);
  const writer = await access.writer();
  await writer.write([recordOf(command, { batchId })]);
  const resent = resendBatchIdOf(batchId, command.data.resendId);
  return { batchId: resent, answer: await awaitResend(await access.log(), resent, patienceMs) };
}

function answerLine(batchId: string, answer: ResendAnswer): string {
  if (answer.kind === 'planned') return `resent as batch ${batchId}: ${answer.rows} rows; paceline status ${batchId.slice(0, 8)}`;
  if (answer.kind === 'refused') return `refused: ${answer.code}: ${answer.reason}`;
  return `asked for as batch ${batchId}; the ingestor has not answered within ${patienceMs / 1_000} s and will do it when it runs`;
}

const answerCodes = { planned: exitCodes.complete, refused: exitCodes.refused, silent: exitCodes.unfinished } as const;

async function resend(access: Access, batch: string, asked: Asked & { readonly asJson: boolean }): Promise<void> {
  const report = await preview(access, batch, asked);
  const print = (whole: ResendReport, ...lines: string[]): void => {
    const text = asked.asJson ? JSON.stringify(whole) : [...resendLines(whole), ...lines].join('\n');
    process.stdout.write(`${text}\n`);
  };
  if (report.rows === 0) {
    print(report);
    process.exitCode = exitCodes.refused;
    return;
  }
  if (asked.flags.yes !== true) {
    print(report);
    throw new CliError('nothing is sent yet: say --yes to do so', exitCodes.usage);
  }
  const { batchId, answer } = await send(access, report.batchId, asked);
  const planned = answer.kind === 'planned' ? answer.rows : null;
  print({ ...report, resendBatchId: batchId, planned }, answerLine(batchId, answer));
  process.exitCode = answerCodes[answer.kind];
}

const more = (value: string, all: readonly string[]): string[] => [...all, value];

export function addResendCommand(program: Command): void {
  withWishOptions(
    program
      .command('resend <batch>')
      .description(
        'calls rows of a batch again that ended with proof that nothing was processed: first a preview, then, with --yes, as a new batch',
      ),
  )
    .option('--outcome <outcome>', 'rows that ended so: rejected, expired, cancelled, suppressed or refused; repeatable', more, [])
    .option('--code <number>', "only rows with this code of Twilio's; repeatable", more, [])
    .option('--since <time>', 'only rows that ended at or after this ISO time, or within this duration (2h)')
    .option('--expires <time>', 'new ExpiresAt of all rows, ISO or a duration from now; without it each keeps its own')
    .option('--answer-time <duration>', 'how long a call is taken to be in flight, for the preview', '500ms')
    .option('--yes', 'do it; without it nothing is sent')
    .addHelpText(
      'after',
      '\nExits with 2 after a preview, with 3 when there is nothing to resend.\nExample: paceline resend 86c93fa0 --outcome rejected --code 30022 --since 2h --yes',
    )
    .action(async (batch: string, flags: ResendFlags & WishOptions) => {
      const now = nowMicros();
      const asJson = jsonAsked(program);
      await resend(accessOf(program), batch, { wanted: rowsWanted(flags, now), flags, now, asJson });
    });
}
