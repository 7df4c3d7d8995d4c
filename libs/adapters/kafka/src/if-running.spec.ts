import { ifRunning } from './if-running.ts';
import { connectKafka } from './connection.ts';

const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe('a consumer that is between a crash and its restart', () => {
  const { kafka } = connectKafka({ brokers: ['127.0.0.1:1'], clientId: 'spec' }, logger);
  const consumer = kafka.consumer({ groupId: 'spec' });
  const partitions = [{ topic: 't', partitions: [0] }];

  test.each([
    ['pause', () => consumer.pause(partitions)],
    ['resume', () => consumer.resume(partitions)],
    ['seek', () => consumer.seek({ topic: 't', partition: 0, offset: '0' })],
  ])('%s throws by itself, and not here', (_name, act) => {
    expect(act).toThrow();
    expect(() => ifRunning(act)).not.toThrow();
  });

  test('whatever else goes wrong is told', () => {
    const act = (): void => {
      throw new Error('another');
    };
    expect(() => ifRunning(act)).toThrow('another');
  });
});
