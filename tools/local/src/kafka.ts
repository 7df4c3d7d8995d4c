// KRaft nodes on loopback, one or three, with the broker settings the services are built for.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureKafkaJars, type Print } from './jars.ts';
import { clusterIdOf, formatOnce, logDirOf } from './kafka-data.ts';
import { brokerAnswers } from './kafka-probe.ts';
import { brokerJvmFlags, brokerSettings } from './kafka-settings.ts';
import { launch, launchTogether, shieldedFromInterrupt, type Launched, type LaunchHooks, type LaunchPlan } from './launch.ts';
import { loopback, requireFreePorts, type BrokerPorts } from './ports.ts';

export interface KafkaOptions {
  readonly dataDir: string;
  /** The lone broker, or the three of a cluster. */
  readonly brokers: readonly BrokerPorts[];
  readonly java: string;
  readonly print: Print;
  readonly hooks?: LaunchHooks;
}

/** Resolves when every broker answers and names all of them. A failure of one calls the others off. */
export async function startKafka(options: KafkaOptions): Promise<readonly Launched[]> {
  const { dataDir, brokers, hooks } = options;
  for (const { port, controllerPort } of brokers) await requireFreePorts([port, controllerPort], 'Kafka');
  const jars = join(await ensureKafkaJars(options.print), '*');
  const clusterId = await clusterIdOf(brokers.map(({ name }) => join(dataDir, name)));
  const plans = await Promise.all(brokers.map((broker) => prepare(broker, { ...options, jars, clusterId })));
  const ports = brokers.map(({ port }) => port);
  return launchTogether(
    plans.map((plan, index) => (signal: AbortSignal) => launch(plan, () => brokerAnswers(ports[index] ?? 0, ports), { ...hooks, signal })),
    hooks?.signal,
  );
}

interface Preparation extends KafkaOptions {
  readonly jars: string;
  readonly clusterId: string;
}

/** Writes the settings of one broker and formats its folder; three at once need no large heaps. */
async function prepare(broker: BrokerPorts, { dataDir, brokers, java, jars, clusterId }: Preparation): Promise<LaunchPlan> {
  const { name, port, controllerPort } = broker;
  const home = join(dataDir, name);
  const settings = join(home, 'server.properties');
  const cluster = { node: brokers.indexOf(broker) + 1, controllerPorts: brokers.map((one) => one.controllerPort) };
  const values = brokerSettings({ port, controllerPort, bind: loopback, logDir: logDirOf(home), cluster });
  await mkdir(home, { recursive: true });
  await writeFile(
    settings,
    Object.entries(values)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  await formatOnce({ java, jars, settings, home, clusterId });
  const heap = brokers.length === 1 ? ['-Xms256m', '-Xmx768m'] : ['-Xms128m', '-Xmx512m'];
  const logging = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.showDateTime=true'];
  return {
    name,
    command: shieldedFromInterrupt([java, ...heap, ...brokerJvmFlags, ...logging, '-cp', jars, 'kafka.Kafka', settings]),
    env: {},
    cwd: home,
    logFile: join(dataDir, 'logs', `${name}.log`),
    ports: [port, controllerPort],
    healthUrl: null,
    readyWithinMs: 120_000,
    stopWithinMs: 15_000,
  };
}
