import { topicOffsets } from './topic-offsets.ts';

const answer = [{ partition: 0, offset: '7', high: '7', low: '0' }];

function admin(...faults: readonly Error[]) {
  const left = [...faults];
  return {
    asked: 0,
    fetchTopicOffsets() {
      this.asked += 1;
      const fault = left.shift();
      return fault === undefined ? Promise.resolve(answer) : Promise.reject(fault);
    },
  };
}

const protocolError = (type: string): Error => Object.assign(new Error(type), { type });

describe('offsets of a topic', () => {
  it('waits while a partition that was just created is led by nobody', async () => {
    const asked = admin(protocolError('NOT_LEADER_FOR_PARTITION'), protocolError('LEADER_NOT_AVAILABLE'));
    await expect(topicOffsets(asked, 'a')).resolves.toEqual(answer);
    expect(asked.asked).toBe(3);
  });

  it('gives up at once on what waiting does not mend', async () => {
    const asked = admin(protocolError('TOPIC_AUTHORIZATION_FAILED'));
    await expect(topicOffsets(asked, 'a')).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED');
    expect(asked.asked).toBe(1);
  });
});
