// Servers for one tier, three brokers among them: started before it, stopped after it by the process that was started.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sourceCommand } from '../source-command.mjs';
import { start } from './child.mjs';
import { countCheck } from './total.mjs';

const portsOfStack = [0, 1, 2, 3, 4, 5, 24, 25, 26, 27];

/** Gives the tier the environment that names its servers; servers that do not start are a failure of the tier. */
export async function onStack(tier) {
  const dataDir = mkdtempSync(join(tmpdir(), 'paceline-test-'));
  const options = ['--data-dir', dataDir, '--port-base', String(await freePortBase()), '--brokers', '3'];
  const stack = start([...sourceCommand('tools/local/src/stack-main.ts'), ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(stack, 'exit');
  try {
    const urls = await readyLine(stack);
    if (urls === null) return countCheck(false);
    return await tier({ KAFKA_BROKERS: urls.kafka, SCHEMA_REGISTRY_URL: urls.registry, CLICKHOUSE_URL: urls.clickhouse });
  } finally {
    if (stack.exitCode === null) stack.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A base with a stretch of free ports above it; another run on this machine takes another one. */
async function freePortBase() {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 190) * 100;
    const free = await Promise.all(portsOfStack.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function readyLine(stack) {
  for await (const line of createInterface({ input: stack.stdout })) {
    if (line.startsWith('{')) return JSON.parse(line).urls;
  }
  return null;
}
