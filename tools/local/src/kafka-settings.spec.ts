import { describe, expect, it } from '@jest/globals';
import { brokerSettings } from './kafka-settings.ts';

const place = { port: 9092, controllerPort: 9093, bind: '127.0.0.1', logDir: '/log' };
const alone = brokerSettings(place);
const second = brokerSettings({ ...place, cluster: { node: 2, controllerPorts: [9083, 9093, 9103] } });

describe('the settings of a broker', () => {
  it('a lone one keeps the only replica and is its own controller', () => {
    expect(alone).toMatchObject({
      'node.id': '1',
      'controller.quorum.voters': '1@127.0.0.1:9093',
      'default.replication.factor': '1',
      'min.insync.replicas': '1',
      'offsets.topic.replication.factor': '1',
      'transaction.state.log.replication.factor': '1',
      'transaction.state.log.min.isr': '1',
    });
    expect(alone['unclean.leader.election.enable']).toBeUndefined();
  });

  it('of three each has every record, two must have it before it is written, and none leads that lacks one', () => {
    expect(second).toMatchObject({
      'node.id': '2',
      'controller.quorum.voters': '1@127.0.0.1:9083,2@127.0.0.1:9093,3@127.0.0.1:9103',
      'default.replication.factor': '3',
      'min.insync.replicas': '2',
      'offsets.topic.replication.factor': '3',
      'transaction.state.log.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
      'unclean.leader.election.enable': 'false',
    });
  });

  it('are the same otherwise', () => {
    const own = /^(node\.id|controller\.quorum\.voters|.*replication\.factor|.*min\.(isr|insync\.replicas))$|^unclean\./;
    const common = (settings: Record<string, string>) => Object.entries(settings).filter(([name]) => !own.test(name));
    expect(common(second)).toEqual(common(alone));
    expect(common(second).length).toBeGreaterThan(20);
  });
});
