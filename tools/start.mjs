// `npm start` from a bare checkout: no dependencies, runs on Node 20. Installs what the lockfile names, applies the patches,
// then hands over to the command line on the Node that was installed. `--setup-only` stops before the hand-over.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setupLockOf, withSetupLock } from './setup-lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const marker = join(modules, '.paceline-setup.json');
const bundledNode = join(modules, '.bin', 'node');
const exitUsage = 2;
const exitStack = 5;
const oldestBootstrap = 20;
const oldestRuntime = 24;
const packagesMb = 1_200;
const engineMb = 543;

class SetupError extends Error {
  constructor(message, exitCode = exitStack) {
    super(message);
    this.exitCode = exitCode;
  }
}

const major = (version) => Number.parseInt(version.replace(/^v/, ''), 10);
const succeeds = (file, args) => spawnSync(file, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;

/** Makes node_modules what the lockfile and the patches say; does nothing when it is so already. One at a time in a checkout. */
export function setup(print = console.log) {
  if (process.platform === 'win32') throw new SetupError('Paceline runs on Linux and macOS; on Windows use WSL.');
  if (major(process.version) < oldestBootstrap) {
    throw new SetupError(`Node ${oldestBootstrap} or newer is needed to begin (this is ${process.version}).`);
  }
  if (JSON.stringify(installed()) === JSON.stringify(wantedNow())) return;
  withSetupLock(
    setupLockOf(root),
    () => makeModules(print),
    (pid) => print(`another start (process ${pid}) is setting up this checkout: waiting for it`),
  );
}

const wantedNow = () => ({ lock: lockHash(), patches: patchesHash() });

/** Looks again: whoever held the lock before may have done it all. */
function makeModules(print) {
  const wanted = wantedNow();
  const present = installed();
  // Patches that changed go onto fresh packages only.
  if (present === null || (present.patches !== null && present.patches !== wanted.patches)) {
    install(print);
    applyPatches(wanted.patches);
  } else if (present.patches === null) {
    applyPatches(wanted.patches);
  }
  if (JSON.stringify(present) !== JSON.stringify(wanted)) writeFileSync(marker, JSON.stringify(wanted));
}

const sha256 = (texts) => texts.reduce((hash, text) => hash.update(text), createHash('sha256')).digest('hex');

const lockHash = () => sha256([readFileSync(join(root, 'package-lock.json'))]);

function patchesHash() {
  const folder = join(root, 'patches');
  if (!existsSync(folder)) return 'none';
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.patch'))
    .sort();
  return sha256(names.flatMap((name) => [name, readFileSync(join(folder, name))]));
}

/** What node_modules was made from; `patches` is null when it was installed by hand and nobody knows. Null: to be installed. */
function installed() {
  const known = existsSync(marker) ? JSON.parse(readFileSync(marker, 'utf8')) : null;
  if (known?.lock === lockHash()) return known;
  const byHand = join(modules, '.package-lock.json');
  if (!existsSync(byHand)) return null;
  const newer = statSync(byHand).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
  return newer ? { lock: lockHash(), patches: null } : null;
}

function install(print) {
  const { bavail, bsize } = statfsSync(root);
  const freeMb = Math.round((bavail * bsize) / 1e6);
  if (freeMb < packagesMb * 1.5)
    throw new SetupError(`${freeMb} MB are free at ${root}: installing needs about ${Math.round(packagesMb * 1.5)} MB.`);
  print(`to download: npm packages, about ${packagesMb} MB unpacked (the ClickHouse engine is ${engineMb} MB of it), to ${modules}`);
  print(
    `disk: ${freeMb} MB free; memory: ${Math.round(totalmem() / 1e6)} MB in all, ${Math.round(freemem() / 1e6)} MB free, about 3000 MB needed`,
  );
  const npm = process.env.npm_execpath;
  const [file, first] = npm !== undefined && /\.c?js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []];
  // Development packages hold the compiler and the engine; they are wanted whatever NODE_ENV says.
  const args = [...first, 'ci', '--ignore-scripts', '--include=dev', '--include=optional'];
  const begin = performance.now();
  const { status, error } = spawnSync(file, args, { cwd: root, stdio: ['ignore', 2, 2], env: withoutOurFlags(process.env) });
  if (status !== 0) throw new SetupError(`npm ci did not succeed${error === undefined ? '' : `: ${error.message}`}; see its output above.`);
  print(`installed in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
}

function applyPatches(hash) {
  if (hash === 'none') return;
  const tool = join(modules, 'patch-package', 'index.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new SetupError(`the patches do not apply; delete node_modules and start again:\n${stdout}${stderr}`);
}

/** The installed Node, or this one where there is none for the platform. */
export function runtimeNode() {
  if (existsSync(bundledNode) && succeeds(bundledNode, ['--version'])) return bundledNode;
  if (major(process.version) >= oldestRuntime) return process.execPath;
  throw new SetupError(`Node ${oldestRuntime} or newer is needed on this platform (this is ${process.version}).`);
}

/** Said before anything is downloaded: without Java, Docker or given servers the start cannot succeed. */
function requireServers() {
  if (process.env.KAFKA_BROKERS && process.env.SCHEMA_REGISTRY_URL) return;
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  if (succeeds(java, ['-version']) || succeeds('java', ['-version']) || succeeds('docker', ['info'])) return;
  throw new SetupError(
    'Kafka and the schema registry need Java 17 or newer, or a running Docker: install one (Debian: apt-get install openjdk-17-jre-headless maven), or set KAFKA_BROKERS and SCHEMA_REGISTRY_URL.',
  );
}

const switches = { once: '--once', json: '--json', fresh: '--fresh', yes: '--yes' };
const negated = { simulator: '--no-simulator', restart: '--no-restart' };
const valued = {
  file: '--file',
  settings: '--settings',
  data_dir: '--data-dir',
  port_base: '--port-base',
  rows: '--rows',
  brokers: '--brokers',
};
const flagVariables = [...Object.keys(switches), ...Object.keys(negated), ...Object.keys(valued)].map((name) => `npm_config_${name}`);

function withoutOurFlags(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !flagVariables.includes(name)));
}

/**
 * npm keeps flags given before `--` for itself: it turns them into variables and passes only the bare words.
 * `npm start --file a.csv` arrives as npm_config_file=true and the word `a.csv`.
 */
export function flagsOf(words, env) {
  if (env.npm_command !== 'start') return words;
  const on = Object.entries(switches)
    .filter(([name]) => env[`npm_config_${name}`] === 'true')
    .map(([, flag]) => flag);
  const off = Object.entries(negated)
    .filter(([name]) => env[`npm_config_${name}`] === '')
    .map(([, flag]) => flag);
  const values = Object.entries(valued).flatMap(([name, flag]) => {
    const text = env[`npm_config_${name}`];
    return text === undefined ? [] : text.split('\n\n').map((value) => ({ flag, value: value === 'true' ? null : value }));
  });
  return [...on, ...off, ...withValues(values, words)];
}

function withValues(values, words) {
  const open = values.filter(({ value }) => value === null);
  const closed = values.filter(({ value }) => value !== null).flatMap(({ flag, value }) => [flag, value]);
  if (open.length === 0) return [...closed, ...words];
  const sameFlag = open.every(({ flag }) => flag === open[0].flag);
  if (!sameFlag || words.length !== open.length || words.some((word) => word.startsWith('-'))) {
    throw new SetupError(
      'npm did not pass the flags on as they were written: put them after --, for example: npm start -- --file rows.csv --once',
      exitUsage,
    );
  }
  return [...closed, ...words.flatMap((word) => [open[0].flag, word])];
}

function handOver(args) {
  const options = ['-C', '@paceline/source', '--import', pathToFileURL(join(root, 'tools', 'swc-hook.mjs')).href];
  const entry = join(root, 'apps', 'cli', 'src', 'main.ts');
  const child = spawn(runtimeNode(), [...options, entry, 'up', ...args], { stdio: 'inherit', env: withoutOurFlags(process.env) });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
  if (process.env.npm_lifecycle_event !== undefined) followParent(() => child.kill('SIGTERM'));
  // At a terminal Ctrl-C reaches the child by itself; a second one would mean "now".
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('error', (error) => fail(new SetupError(`${child.spawnfile} cannot be started: ${error.message}`)));
  child.on('exit', (code, signal) => (signal === null ? process.exit(code) : endBy(signal)));
}

/** npm that is told to end takes its shell along and leaves us behind: then everything we started has to end too. */
function followParent(end) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, 300).unref();
}

function endBy(signal) {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function fail(error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exit(error instanceof SetupError ? error.exitCode : 1);
}

function main() {
  const setupOnly = process.argv.includes('--setup-only');
  const args = setupOnly ? [] : flagsOf(process.argv.slice(2), process.env);
  if (!setupOnly) requireServers();
  setup();
  if (!setupOnly) handOver(args);
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === realpathSync(process.argv[1])) {
  try {
    main();
  } catch (error) {
    fail(error);
  }
}
