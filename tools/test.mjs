// `npm test`: set-up, then every tier in order; JUnit XML in test-results/, last line `N passed, N failed, N skipped`.
// `node tools/test.mjs unit integration` runs only those tiers. Runs on bare Node 20; the tiers run on the pinned Node.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const results = join(root, 'test-results');
const baseEnv = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NX_DAEMON: 'false', FORCE_COLOR: '0' };
const source = ['-C', '@paceline/source', '--import', './tools/swc-hook.mjs'];

const total = { passed: 0, failed: 0, skipped: 0 };
let running = null;

async function run(command, args, { env = {}, endsAfter = null } = {}) {
  const child = spawn(command, args, { cwd: root, env: { ...baseEnv, ...env }, stdio: 'inherit' });
  running = child;
  const watch = endsAfter === null ? null : endHanging(child, endsAfter);
  const [code, signal] = await once(child, 'exit');
  running = null;
  clearInterval(watch);
  return signal === null ? code : 1;
}

/** A runner that has written its results and does not end left something open: that is a failure, not a wait. */
function endHanging(child, resultsFile) {
  let writtenAt = null;
  return setInterval(() => {
    if (writtenAt === null && existsSync(resultsFile)) writtenAt = performance.now();
    if (writtenAt === null || performance.now() - writtenAt < 20_000) return;
    console.error('the runner did not end 20 s after its last test: something was left open');
    child.kill('SIGKILL');
  }, 1_000);
}

/** A check that passes or fails as a whole. */
const check = (command, args) => async () => {
  const code = await run(command, args);
  total[code === 0 ? 'passed' : 'failed'] += 1;
  return code === 0;
};

/** A jest tier; its own JSON says what passed, failed and was skipped. */
const jest =
  (name, env = {}) =>
  async () => {
    const file = join(results, `${name}.json`);
    const args = ['-c', `jest.${name}.config.mjs`, '--json', `--outputFile=${file}`, '--reporters=default', '--reporters=jest-junit'];
    rmSync(file, { force: true });
    const code = await run('jest', args, {
      endsAfter: file,
      env: {
        NODE_OPTIONS: '--experimental-vm-modules --no-warnings=ExperimentalWarning',
        JEST_JUNIT_OUTPUT_DIR: results,
        JEST_JUNIT_OUTPUT_NAME: `${name}.xml`,
        JEST_JUNIT_SUITE_NAME: name,
        ...env,
      },
    });
    if (!existsSync(file)) {
      total.failed += 1;
      return false;
    }
    const report = JSON.parse(readFileSync(file, 'utf8'));
    total.passed += report.numPassedTests;
    total.failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
    total.skipped += report.numPendingTests;
    for (const suite of report.testResults) {
      for (const test of suite.assertionResults) if (test.status === 'pending') console.log(`skipped: ${test.fullName}`);
    }
    if (code !== 0 && report.numFailedTests + report.numRuntimeErrorTestSuites === 0) total.failed += 1;
    return code === 0;
  };

/** A base with a stretch of free ports above it; another run on this machine takes another one. */
async function freePortBase() {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 190) * 100;
    const free = await Promise.all([0, 1, 2, 3, 4, 5, 24, 25, 26, 27].map((offset) => isFree(base + offset)));
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

/** Runs a tier on servers of its own, three brokers among them: started before it, stopped after it by the process that was started. */
const onStack = (tier) => async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'paceline-test-'));
  const base = await freePortBase();
  const args = [...source, 'tools/local/src/stack-main.ts', '--data-dir', dataDir, '--port-base', String(base), '--brokers', '3'];
  const stack = spawn(join(bin, 'node'), args, { cwd: root, env: baseEnv, stdio: ['ignore', 'pipe', 'inherit'] });
  running = stack;
  const ended = once(stack, 'exit');
  try {
    const urls = await readyLine(stack);
    if (urls === null) {
      total.failed += 1;
      return false;
    }
    return await tier({ KAFKA_BROKERS: urls.kafka, SCHEMA_REGISTRY_URL: urls.registry, CLICKHOUSE_URL: urls.clickhouse })();
  } finally {
    if (stack.exitCode === null) stack.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  }
};

async function readyLine(stack) {
  for await (const line of createInterface({ input: stack.stdout })) {
    if (line.startsWith('{')) return JSON.parse(line).urls;
  }
  return null;
}

const tiers = {
  format: check('prettier', [
    '--check',
    '--log-level=warn',
    'apps',
    'libs',
    'tools',
    'regression',
    'e2e',
    'benchmarks/src',
    'deploy',
    '.github',
    'docker-compose.yml',
    '*.mjs',
    '*.json',
  ]),
  generated: check(join(bin, 'node'), ['tools/generate-contracts.mjs', '--check']),
  reference: check(join(bin, 'node'), [...source, 'tools/generate-reference.mjs', '--check']),
  graph: check('nx', ['show', 'projects']),
  lint: check('eslint', ['.', '--max-warnings=0']),
  types: check('tsc', ['-p', 'tsconfig.json']),
  unit: jest('unit'),
  integration: onStack((env) => jest('integration', env)),
  e2e: jest('e2e'),
  long: jest('long'),
};

/** Hours of work: only when asked for by name. */
const onlyWhenAsked = ['long'];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in tiers));
if (unknown.length > 0) {
  console.error(`no such tier: ${unknown.join(', ')}; there are ${Object.keys(tiers).join(', ')}`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (running?.kill(signal), process.exit(130)));

if ((await run(process.execPath, ['tools/start.mjs', '--setup-only'])) !== 0) process.exit(5);
mkdirSync(results, { recursive: true });
const times = [];
for (const name of asked.length > 0 ? asked : Object.keys(tiers).filter((tier) => !onlyWhenAsked.includes(tier))) {
  const begin = performance.now();
  console.log(`\n== ${name}`);
  const ok = await tiers[name]();
  times.push(`${name} ${ok ? 'ok' : 'FAILED'} ${((performance.now() - begin) / 1000).toFixed(0)} s`);
}
console.log(`\n${times.join(' · ')}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
