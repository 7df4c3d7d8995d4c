/**
 * A broker that shares few cores and is started often: its second compiler would take a third of a core for minutes, away
 * from who must be punctual, before it gave anything back (docs/explanation/tuning.md). Not for a broker with a machine of its own.
 */
export const brokerJvmFlags: readonly string[] = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** Where one KRaft node listens and keeps its log. */
export interface BrokerPlace {
  readonly port: number;
  readonly controllerPort: number;
  /** Address to bind; clients are told 127.0.0.1 in every case. */
  readonly bind: string;
  readonly logDir: string;
  /** A lone broker unless said otherwise. */
  readonly cluster?: ClusterPlace;
}

/** Which of several nodes this one is. */
export interface ClusterPlace {
  /** Its number, from 1. */
  readonly node: number;
  /** Of all nodes, in the order of their numbers. */
  readonly controllerPorts: readonly number[];
}

/**
 * What the services are built for. group.initial.rebalance.delay 0: a group of one starts at once. Offsets are kept for
 * years: a group that lost them would call old slots again. Short transaction and session limits: a killed task must not
 * hold a partition's stable offset for a minute, a killed broker must be able to register again within seconds.
 * Of three brokers each has every record, and two must have it before it counts as written.
 */
export function brokerSettings({ port, controllerPort, bind, logDir, cluster }: BrokerPlace): Record<string, string> {
  const { node, controllerPorts } = cluster ?? { node: 1, controllerPorts: [controllerPort] };
  return {
    'process.roles': 'broker,controller',
    'node.id': String(node),
    'controller.quorum.voters': controllerPorts.map((voter, index) => `${index + 1}@127.0.0.1:${voter}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://${bind}:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': logDir,
    'auto.create.topics.enable': 'false',
    'num.partitions': '1',
    ...replication(controllerPorts.length),
    'offsets.topic.num.partitions': '4',
    'offsets.retention.minutes': '5256000',
    'transaction.state.log.num.partitions': '4',
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'share.coordinator.state.topic.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '6000',
    'broker.heartbeat.interval.ms': '500',
    'broker.session.timeout.ms': '4000',
    'log.retention.hours': '-1',
    'log.segment.bytes': '134217728',
    'log.cleaner.dedupe.buffer.size': '33554432',
    'num.network.threads': '2',
    'num.io.threads': '4',
  };
}

function replication(nodes: number): Record<string, string> {
  const inSync = String(nodes === 1 ? 1 : 2);
  return {
    'default.replication.factor': String(nodes),
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': String(nodes),
    'transaction.state.log.replication.factor': String(nodes),
    'transaction.state.log.min.isr': inSync,
    ...(nodes === 1 ? {} : { 'unclean.leader.election.enable': 'false' }),
  };
}
