// One KRaft node on loopback with the broker settings the services are built for.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { ensureKafkaJars, type Print } from './jars.ts';
import { brokerSettings } from './kafka-settings.ts';
import { launch, shieldedFromInterrupt, type Launched, type LaunchHooks } from './launch.ts';
import { loopback, requireFreePorts } from './ports.ts';
import { runCommand } from './run-command.ts';
import { StackError } from './stack-error.ts';

/**
 * A broker that shares few cores and is started often: its second compiler would take a third of a core for minutes, away
 * from who must be punctual, before it gave anything back (docs/adr/0021). Not for a broker with a machine of its own.
 */
export const brokerJvmFlags: readonly string[] = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

export interface KafkaOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly java: string;
  readonly print: Print;
  readonly hooks?: LaunchHooks;
}

export async function startKafka(options: KafkaOptions): Promise<Launched> {
  await requireFreePorts([options.port, options.controllerPort], 'Kafka');
  const jars = join(await ensureKafkaJars(options.print), '*');
  const home = join(options.dataDir, 'kafka');
  const settings = join(home, 'server.properties');
  await mkdir(home, { recursive: true });
  const place = { port: options.port, controllerPort: options.controllerPort, bind: loopback, logDir: join(home, 'log') };
  const lines = Object.entries(brokerSettings(place)).map(([key, value]) => `${key}=${value}\n`);
  await writeFile(settings, lines.join(''));
  await formatOnce({ java: options.java, jars, settings, home });
  const logging = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.showDateTime=true'];
  const java = [options.java, '-Xms256m', '-Xmx768m', ...brokerJvmFlags, ...logging];
  return launch(
    {
      name: 'kafka',
      command: shieldedFromInterrupt([...java, '-cp', jars, 'kafka.Kafka', settings]),
      env: {},
      cwd: home,
      logFile: join(options.dataDir, 'logs', 'kafka.log'),
      ports: [options.port, options.controllerPort],
      healthUrl: null,
      readyWithinMs: 120_000,
      stopWithinMs: 15_000,
    },
    () => brokerAnswers(options.port),
    options.hooks,
  );
}

interface FormatOptions {
  readonly java: string;
  readonly jars: string;
  readonly settings: string;
  readonly home: string;
}

/** Formatting an already formatted folder is skipped: its cluster id and its log must survive a restart. */
async function formatOnce({ java, jars, settings, home }: FormatOptions): Promise<void> {
  if (existsSync(join(home, 'log', 'meta.properties'))) return;
  const id = randomBytes(16).toString('base64url');
  const clusterId = id.startsWith('-') ? `A${id.slice(1)}` : id;
  const tool = ['-XX:TieredStopAtLevel=1', '-cp', jars, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', settings];
  const { code, output } = await runCommand(java, tool, { timeoutMs: 60_000 });
  if (code !== 0) throw new StackError(`Kafka's data folder ${home} cannot be formatted: ${output.trim().split('\n').at(-1) ?? ''}`);
}

/** A port that accepts is not yet a broker: it must also name itself in the cluster's metadata. */
export async function brokerAnswers(port: number): Promise<boolean> {
  if (!(await accepts(port))) return false;
  const kafka = new Kafka({
    clientId: 'paceline-probe',
    brokers: [`${loopback}:${port}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.length > 0;
  } finally {
    await admin.disconnect();
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: loopback });
    const answer = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
