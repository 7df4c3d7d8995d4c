// The servers alone, in the foreground: prints one line of JSON with their URLs when ready; SIGTERM or SIGINT stops all.
// node tools/run.mjs tools/local/src/stack-main.ts --data-dir D [--port-base N] [--collector] [--parts kafka,registry,clickhouse] [--brokers 1|3]
import { parseArgs } from 'node:util';
import { defaultPortBase, isBrokerCount, type BrokerCount } from './ports.ts';
import { isPartName, partNames, startStack, type PartName } from './stack.ts';
import { messageOf, StackError } from './stack-error.ts';
import { supervise } from './supervise.ts';

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: '.paceline' },
    'port-base': { type: 'string', default: String(defaultPortBase) },
    collector: { type: 'boolean', default: false },
    parts: { type: 'string', default: 'kafka,registry,clickhouse' },
    brokers: { type: 'string', default: '1' },
  },
});

function wantedParts(): PartName[] {
  const names = [...values.parts.split(','), ...(values.collector ? ['collector'] : [])];
  const unknown = names.filter((name) => !isPartName(name));
  if (unknown.length > 0) throw new StackError(`--parts ${unknown.join(',')}: choose from ${partNames.join(', ')}.`);
  return names.filter(isPartName);
}

function wantedBrokers(): BrokerCount {
  const count = Number(values.brokers);
  if (!isBrokerCount(count)) throw new StackError(`--brokers ${values.brokers}: give 1 or 3.`);
  return count;
}

async function main(): Promise<void> {
  const cancel = new AbortController();
  const asked = new Promise<void>((resolve) => cancel.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => cancel.abort());
  const print = (line: string): void => console.error(line);
  const begin = performance.now();
  const stack = await startStack({
    dataDir: values['data-dir'],
    portBase: Number(values['port-base']),
    parts: wantedParts(),
    brokers: wantedBrokers(),
    print,
    signal: cancel.signal,
  });
  const supervision = supervise({ dataDir: stack.dataDir, print });
  const seconds = Number(((performance.now() - begin) / 1000).toFixed(1));
  console.log(JSON.stringify({ ready: true, dataDir: stack.dataDir, portBase: stack.portBase, urls: stack.urls, seconds }));
  await asked;
  await supervision.stop();
  await stack.stop();
}

try {
  await main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = error instanceof StackError ? error.exitCode : 1;
}
