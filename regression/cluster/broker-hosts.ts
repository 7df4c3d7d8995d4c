// Three brokers, each on a host of its own: a network namespace with one link to the clients and one to the other brokers.
// Either link can be cut alone, which no proxy in front of a broker can do. Needs root and Linux.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brokerJvmFlags, brokerSettings, ensureKafkaJars, formatOnce } from '@paceline/local';
import { eventually } from '@paceline/testing';
import { Kafka, logLevel } from 'kafkajs';

const run = promisify(execFile);
const numbers = [1, 2, 3] as const;
export type HostNumber = (typeof numbers)[number];
type Link = 'clients' | 'others';

const port = 9092;
const internalPort = 9094;
const controllerPort = 9093;
const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk';

/** Null where disks can be mounted; else why not. */
export function mountRefused(): string | null {
  return process.platform === 'linux' && process.getuid?.() === 0 ? null : 'it needs root on Linux';
}

/** Null where hosts can be made; else why not. */
export async function hostsRefused(): Promise<string | null> {
  const refused = mountRefused();
  if (refused !== null) return refused;
  return run('ip', ['netns', 'list']).then(
    () => null,
    () => 'there is no `ip` (Debian: apt-get install iproute2)',
  );
}

/** Names and addresses of this run alone. */
interface Place {
  readonly folder: string;
  readonly tag: string;
  readonly net: number;
}

const addressOf = ({ net }: Place, link: Link, host: number): string => `10.213.${link === 'clients' ? net : net + 1}.${host}`;
const bridgeOf = ({ tag }: Place, link: Link): string => `pl${tag}${link[0]}`;
const hostOf = ({ tag }: Place, n: number): string => `pl${tag}h${n}`;
/** The end of a host's link that lies outside of it. */
const outerOf = ({ tag }: Place, n: number, link: Link): string => `pl${tag}${link[0]}${n}`;

export class BrokerHosts {
  readonly #processes = new Map<HostNumber, ChildProcess>();

  private constructor(private readonly place: Place) {}

  static async start(folder: string): Promise<BrokerHosts> {
    const hosts = new BrokerHosts({ folder, tag: (process.pid % 46_656).toString(36), net: (process.pid % 120) * 2 });
    try {
      await hosts.#link();
      await Promise.all(numbers.map((n) => hosts.#spawn(n)));
      await hosts.whole();
      return hosts;
    } catch (error) {
      await hosts.stop();
      throw error;
    }
  }

  /** Client addresses, comma separated. */
  get addresses(): string {
    return numbers.map((n) => `${addressOf(this.place, 'clients', n)}:${port}`).join(',');
  }

  /** Nothing passes on this link of the broker until it is healed; connections stay open on both sides. */
  async cut(n: HostNumber, link: Link): Promise<void> {
    await ip('link', 'set', outerOf(this.place, n, link), 'down');
  }

  async heal(n: HostNumber, link: Link): Promise<void> {
    await ip('link', 'set', outerOf(this.place, n, link), 'up');
  }

  /** Each broker names all three. */
  async whole(): Promise<void> {
    await eventually(
      'every broker names all three',
      async () => (await Promise.all(numbers.map((n) => this.#namesAll(n)))).every(Boolean),
      120_000,
    );
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((child) => ended(child)));
    for (const n of numbers) await ip('netns', 'del', hostOf(this.place, n)).catch(() => undefined);
    for (const link of ['clients', 'others'] as const) await ip('link', 'del', bridgeOf(this.place, link)).catch(() => undefined);
  }

  async #link(): Promise<void> {
    for (const link of ['clients', 'others'] as const) {
      const bridge = bridgeOf(this.place, link);
      await ip('link', 'add', bridge, 'type', 'bridge');
      if (link === 'clients') await ip('addr', 'add', `${addressOf(this.place, link, 254)}/24`, 'dev', bridge);
      await ip('link', 'set', bridge, 'up');
    }
    for (const n of numbers) {
      const host = hostOf(this.place, n);
      await ip('netns', 'add', host);
      await inside(host, 'ip', 'link', 'set', 'lo', 'up');
      for (const link of ['clients', 'others'] as const) {
        await ip('link', 'add', outerOf(this.place, n, link), 'type', 'veth', 'peer', 'name', link, 'netns', host);
        await ip('link', 'set', outerOf(this.place, n, link), 'master', bridgeOf(this.place, link), 'up');
        await inside(host, 'ip', 'addr', 'add', `${addressOf(this.place, link, n)}/24`, 'dev', link);
        await inside(host, 'ip', 'link', 'set', link, 'up');
      }
    }
  }

  async #spawn(n: HostNumber): Promise<void> {
    const home = join(this.place.folder, `kafka-${n}`);
    mkdirSync(home, { recursive: true });
    const settings = join(home, 'server.properties');
    const lines = Object.entries(this.#settingsOf(n, join(home, 'log'))).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(settings, lines.join(''));
    const jars = join(await ensureKafkaJars(() => undefined), '*');
    await formatOnce({ java: 'java', jars, settings, home, clusterId });
    const log = openSync(join(home, 'broker.log'), 'a', 0o600);
    const java = ['java', '-Xms128m', '-Xmx512m', ...brokerJvmFlags, '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];
    const child = spawn('ip', ['netns', 'exec', hostOf(this.place, n), ...java, '-cp', jars, 'kafka.Kafka', settings], {
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#processes.set(n, child);
  }

  /** As on one machine, but for where it listens: clients on one address, brokers and controllers on the other. */
  #settingsOf(n: HostNumber, logDir: string): Record<string, string> {
    const own = (link: Link): string => addressOf(this.place, link, n);
    const settings = brokerSettings({
      port,
      controllerPort,
      bind: own('clients'),
      logDir,
      cluster: { node: n, controllerPorts: numbers.map(() => controllerPort) },
    });
    const client = `PLAINTEXT://${own('clients')}:${port}`;
    const internal = `INTERNAL://${own('others')}:${internalPort}`;
    return {
      ...settings,
      'controller.quorum.voters': numbers.map((voter) => `${voter}@${addressOf(this.place, 'others', voter)}:${controllerPort}`).join(','),
      listeners: `${client},${internal},CONTROLLER://${own('others')}:${controllerPort}`,
      'advertised.listeners': `${client},${internal}`,
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'inter.broker.listener.name': 'INTERNAL',
    };
  }

  async #namesAll(n: HostNumber): Promise<boolean> {
    const brokers = [`${addressOf(this.place, 'clients', n)}:${port}`];
    const kafka = new Kafka({ clientId: 'hosts', brokers, logLevel: logLevel.NOTHING, connectionTimeout: 1_000, retry: { retries: 0 } });
    const admin = kafka.admin();
    try {
      await admin.connect();
      return (await admin.describeCluster()).brokers.length === numbers.length;
    } catch {
      return false;
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

const ip = (...args: readonly string[]) => run('ip', [...args]);
const inside = (host: string, ...command: readonly string[]) => run('ip', ['netns', 'exec', host, ...command]);

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
