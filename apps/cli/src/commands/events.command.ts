import { once } from 'node:events';
import { topicNames, type TopicName } from '@paceline/contracts';
import type { EventRecord } from '@paceline/pipeline';
import type { Command } from 'commander';
import { CliError, exitCodes } from '../exit-code.ts';
import { accessOf } from '../program-access.ts';

interface EventsOptions {
  readonly batch?: string;
  readonly request?: string;
  readonly topic: string[];
  readonly since?: string;
  readonly follow?: boolean;
}

const readable = topicNames.filter((name) => !name.startsWith('paceline.state.') && name !== 'paceline.intake');

function topicsOf(names: readonly string[]): readonly TopicName[] {
  const full = names.map((name) => (name.startsWith('paceline.') ? name : `paceline.${name}`));
  const unknown = full.filter((name) => !(readable as readonly string[]).includes(name));
  if (unknown.length > 0) throw new CliError(`no such topic: ${unknown.join(', ')}; there are ${readable.join(', ')}`, exitCodes.usage);
  return full.length === 0 ? readable : (full as TopicName[]);
}

function sinceOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new CliError(`--since ${text}: give an ISO time such as 2026-01-31T12:00:00Z`, exitCodes.usage);
  return at * 1_000;
}

/** Does this record belong to the batch (and request) asked for? Every event names its batch as correlation id. */
function matches({ event, headers, key }: EventRecord, { batch, request }: EventsOptions): boolean {
  if (batch !== undefined && event.data.meta.correlationId !== batch && headers['batchId'] !== batch) return false;
  return request === undefined || headers['requestId'] === request || key === request || JSON.stringify(event.data).includes(request);
}

/** One line per record; W3C trace id taken out of the header for those who follow a trace. */
export function eventLine(record: EventRecord): string {
  const { topic, partition, offset, key, headers, timestampMs, event } = record;
  const traceId = headers['traceparent']?.split('-')[1] ?? null;
  return JSON.stringify(
    { schemaVersion: 1, topic, partition, offset, timestampMs, key, headers, traceId, type: event.type, record: event.data },
    (_name, value: unknown) => (Buffer.isBuffer(value) ? value.toString('base64') : value),
  );
}

export function addEventsCommand(program: Command): void {
  program
    .command('events')
    .description('decoded records of the log as NDJSON, from the beginning')
    .option('--batch <id>', 'only of this batch')
    .option('--request <id>', 'only of this request')
    .option('--topic <name>', 'only this topic; repeatable', (name: string, all: string[]) => [...all, name], [] as string[])
    .option('--since <time>', 'only what occurred at or after this ISO time')
    .option('--follow', 'go on with what is appended')
    .action(async (options: EventsOptions) => {
      const topics = topicsOf(options.topic);
      const since = sinceOf(options.since);
      const log = await accessOf(program).log();
      const print = (record: EventRecord): void => {
        if (record.event.data.meta.occurredAt >= since && matches(record, options)) process.stdout.write(`${eventLine(record)}\n`);
      };
      if (options.follow !== true) return log.readToEnd(topics, print);
      const follower = await log.follow(topics, print);
      await once(process, 'SIGINT');
      await follower.stop();
    });
}
