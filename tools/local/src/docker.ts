// The third-party servers from pinned images, for a machine without Java. `docker run` stays in the foreground, so each
// container is one process of ours: its pid is recorded, SIGTERM reaches the container, its output goes to the log file.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { brokerAnswers } from './kafka-probe.ts';
import { brokerJvmFlags, brokerSettings } from './kafka-settings.ts';
import { answersOk, launch, shieldedFromInterrupt, type Launched, type LaunchHooks, type LaunchPlan } from './launch.ts';
import { registryUrl } from './registry.ts';
import { runCommand } from './run-command.ts';

export const images = {
  kafka: 'apache/kafka:4.2.1',
  registry: 'apicurio/apicurio-registry:3.0.9',
} as const;

export interface ContainerOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly hooks?: LaunchHooks;
}

/** A client without a daemon that answers is not Docker. */
export async function dockerAnswers(): Promise<boolean> {
  const { code } = await runCommand('docker', ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 15_000 });
  return code === 0;
}

export function startKafkaContainer(options: ContainerOptions & { readonly controllerPort: number }): Promise<Launched> {
  const place = { port: options.port, controllerPort: options.controllerPort, bind: '0.0.0.0', logDir: '/var/lib/kafka/data' };
  const settings = Object.entries(brokerSettings(place)).map(([key, value]): [string, string] => [kafkaVariable(key), value]);
  const plan = container('kafka', options, {
    inner: options.port,
    env: { ...Object.fromEntries(settings), KAFKA_HEAP_OPTS: '-Xmx768m', KAFKA_JVM_PERFORMANCE_OPTS: brokerJvmFlags.join(' ') },
    volume: '/var/lib/kafka/data',
  });
  return launch(plan, () => brokerAnswers(options.port), options.hooks);
}

function kafkaVariable(setting: string): string {
  return `KAFKA_${setting.toUpperCase().replaceAll('.', '_')}`;
}

export function startRegistryContainer(options: ContainerOptions): Promise<Launched> {
  const plan = container('registry', options, {
    inner: 8080,
    env: { APICURIO_STORAGE_KIND: 'sql', APICURIO_DATASOURCE_URL: 'jdbc:h2:file:/data/schemas;WRITE_DELAY=0' },
    volume: '/data',
  });
  const healthUrl = `${registryUrl(options.port)}/subjects`;
  return launch({ ...plan, healthUrl }, answersOk(healthUrl), options.hooks);
}

interface Inside {
  readonly inner: number;
  readonly env: Readonly<Record<string, string>>;
  readonly volume: string;
}

function container(name: keyof typeof images, { dataDir, port }: ContainerOptions, { inner, env, volume }: Inside): LaunchPlan {
  const unique = `paceline-${name}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`;
  const variables = Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  const run = ['docker', 'run', '--rm', '--name', unique, '-p', `127.0.0.1:${port}:${inner}`, '-v', `${unique}:${volume}`];
  return {
    name,
    command: shieldedFromInterrupt([...run, ...variables, images[name]]),
    env: {},
    cwd: dataDir,
    logFile: join(dataDir, 'logs', `${name}.log`),
    ports: [port],
    healthUrl: null,
    // The image may have to be pulled first.
    readyWithinMs: 300_000,
    stopWithinMs: 20_000,
  };
}
