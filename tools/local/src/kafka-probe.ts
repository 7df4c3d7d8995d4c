// Whether a broker answers, asked by a client of its own.
import { connect } from 'node:net';
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import { loopback } from './ports.ts';

/**
 * A port that accepts is not yet a broker: its metadata must name a controller, and the brokers that listen on the
 * ports of `named` (itself unless said otherwise). A broker is named only after an elected controller admitted it.
 */
export async function brokerAnswers(port: number, named: readonly number[] = [port]): Promise<boolean> {
  if (!(await accepts(port))) return false;
  const admin = new Kafka({ ...probeConfig, brokers: [`${loopback}:${port}`], socketFactory: alwaysTo(port) }).admin();
  try {
    await admin.connect();
    const { brokers, controller } = await admin.describeCluster();
    return controller !== null && named.every((wanted) => brokers.some((broker) => broker.port === wanted));
  } finally {
    await admin.disconnect();
  }
}

const probeConfig: Omit<KafkaConfig, 'brokers'> = {
  clientId: 'paceline-probe',
  logLevel: logLevel.NOTHING,
  connectionTimeout: 1_000,
  requestTimeout: 3_000,
  retry: { retries: 0 },
};

/** The client asks any broker that it knows of: whichever it picks, the one that is probed answers. */
function alwaysTo(port: number): NonNullable<KafkaConfig['socketFactory']> {
  return ({ onConnect }) => connect({ host: loopback, port }, onConnect);
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
