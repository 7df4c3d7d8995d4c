// A takeover's re-read: a million waiting rows from a real Kafka log into memory and store.
import { join } from 'node:path';
import { RowStoreFolder } from '@paceline/adapter-store';
import { applyTopics, connectKafka, KafkaFactWriter, KafkaLogReader, type AdapterLogger } from '@paceline/adapter-kafka';
import { applySchemas, Codec, recordOf, registryIds } from '@paceline/contracts';
import type { RequestEvent } from '@paceline/domain/pacing';
import { readRunFile, StackError, startStack } from '@paceline/local';
import { countText, memoryNow, type BacklogCase, type BacklogCaseOptions } from './backlog-case.ts';
import { pacingOver } from './backlog-pacing.ts';
import { admittedAt } from './backlog-rows.ts';
import { atMost, figure, type Figure } from './judge/figure.ts';
import { startCpuMeter } from './world/cpu-meter.ts';

const rows = 1_000_000;
const barSeconds = 15;
const portion = 5_000;
const logger: AdapterLogger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

interface Log {
  readonly codec: Codec;
  readonly kafka: ReturnType<typeof connectKafka>;
}

async function fillLog({ codec, kafka }: Log): Promise<void> {
  const writer = new KafkaFactWriter({ kafka, codec, logger });
  await writer.start();
  for (let first = 0; first < rows; first += portion) {
    const offsets = Array.from({ length: Math.min(portion, rows - first) }, (_, n) => first + n);
    await writer.write(offsets.map((offset) => recordOf(admittedAt(offset))));
  }
  await writer.stop();
}

interface Rebuilt {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly waiting: number;
  readonly disk: number;
  readonly heap: number;
  readonly resident: number;
  readonly otherCpu: number;
}

async function rebuild({ codec, kafka }: Log, folder: string): Promise<Rebuilt> {
  const run = await readRunFile(folder);
  const meter = startCpuMeter((run?.processes ?? []).map(({ name, pid }) => ({ name, pid })));
  const store = new RowStoreFolder(join(folder, 'waiting')).open();
  const pacing = pacingOver(store);
  const [begun, used] = [performance.now(), process.cpuUsage()];
  await new KafkaLogReader({ kafka, codec }).readToEnd(['paceline.requests'], ({ event, offset }) => {
    pacing.read(event as RequestEvent, { offset, traceparent: null });
  });
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(used);
  const rebuilt = {
    seconds,
    processorSeconds: (user + system) / 1e6,
    waiting: pacing.size,
    disk: store.bytes / 1e6,
    otherCpu: meter().other,
  };
  const memory = memoryNow();
  store.close();
  return { ...rebuilt, ...memory };
}

async function measure({ folder, portBase, print }: BacklogCaseOptions): Promise<Rebuilt> {
  const cancel = new AbortController();
  const interrupt = (): void => cancel.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const stack = await startStack({ dataDir: folder, portBase, parts: ['kafka', 'registry'], given: {}, print, signal: cancel.signal });
  try {
    const kafka = connectKafka({ brokers: [stack.urls.kafka ?? ''], clientId: 'paceline-benchmark' }, logger);
    await applyTopics(kafka);
    await applySchemas({ url: stack.urls.registry ?? '' });
    const codec = new Codec(registryIds({ url: stack.urls.registry ?? '' }));
    await codec.warm(['RequestAdmitted']);
    print(`rebuild: writing ${countText(rows)} rows`);
    await fillLog({ codec, kafka });
    print('rebuild: reading');
    return await rebuild({ codec, kafka }, folder);
  } finally {
    await stack.stop();
  }
}

function figuresOf({ seconds, processorSeconds, waiting, disk, heap, resident }: Rebuilt): Figure[] {
  return [
    figure({ metric: `rebuild of ${countText(rows)} rows`, value: waiting === rows ? seconds : null, unit: 's' }, atMost(barSeconds)),
    figure({ metric: 'processor time of it', value: processorSeconds, unit: 's' }),
    figure({ metric: 'rows waiting afterwards', value: waiting, unit: 'rows' }),
    figure({ metric: 'disk', value: disk, unit: 'MB' }),
    figure({ metric: 'heap after it', value: heap, unit: 'MB' }),
    figure({ metric: 'resident memory after it', value: resident, unit: 'MB' }),
  ];
}

const notMeasured = (why: string): Figure[] => [
  figure({ metric: `rebuild of ${countText(rows)} rows`, value: null, unit: `not measured: ${why}` }, atMost(barSeconds)),
];

export const rebuildCase: BacklogCase = {
  name: 'rebuild from Kafka',
  run: async (options) => {
    try {
      const rebuilt = await measure(options);
      return { figures: figuresOf(rebuilt), otherCpu: rebuilt.otherCpu };
    } catch (error) {
      if (error instanceof StackError) return { figures: notMeasured(error.message), otherCpu: null };
      throw error;
    }
  },
};
