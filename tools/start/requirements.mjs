// What must be there before anything is downloaded, and the Node that everything else runs on.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { nodePath } from '../source-command.mjs';
import { SetupError } from './setup-error.mjs';

const oldestBootstrap = 20;
const oldestRuntime = 24;

const major = (version) => Number.parseInt(version.replace(/^v/, ''), 10);
const succeeds = (file, args) => spawnSync(file, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;

export function requirePlatform() {
  if (process.platform === 'win32') throw new SetupError('Paceline runs on Linux and macOS; on Windows use WSL.');
  if (major(process.version) < oldestBootstrap) {
    throw new SetupError(`Node ${oldestBootstrap} or newer is needed to begin (this is ${process.version}).`);
  }
}

/** Said before anything is downloaded: without Java, Docker or given servers the start cannot succeed. */
export function requireServers() {
  if (process.env.KAFKA_BROKERS && process.env.SCHEMA_REGISTRY_URL) return;
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  if (succeeds(java, ['-version']) || succeeds('java', ['-version']) || succeeds('docker', ['info'])) return;
  throw new SetupError(
    'Kafka and the schema registry need Java 17 or newer, or a running Docker: install one (Debian: apt-get install openjdk-17-jre-headless maven), or set KAFKA_BROKERS and SCHEMA_REGISTRY_URL.',
  );
}

/** The installed Node, or this one where there is none for the platform. */
export function runtimeNode() {
  const installed = nodePath();
  if (installed !== process.execPath && succeeds(installed, ['--version'])) return installed;
  if (major(process.version) >= oldestRuntime) return process.execPath;
  throw new SetupError(`Node ${oldestRuntime} or newer is needed on this platform (this is ${process.version}).`);
}
