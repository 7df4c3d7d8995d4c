import { weaknessesOf, type TopicStanding } from './topic-durability.ts';

const strong: TopicStanding = { topic: 't', replicas: 3, minInSync: 2, uncleanElection: false };

describe('a topic survives the loss of a broker', () => {
  it.each<[string, Partial<TopicStanding>, readonly string[]]>([
    ['with three replicas, two in sync, no unclean election', {}, []],
    ['with more than that', { replicas: 5, minInSync: 3 }, []],
    ['not with one replica', { replicas: 1, minInSync: 1 }, ['t has 1 of 3 replicas']],
    ['not with two', { replicas: 2 }, ['t has 2 of 3 replicas']],
    ['not when one in sync is enough', { minInSync: 1 }, ['t: min.insync.replicas is 1, not 2']],
    ['not when a replica that was behind may lead', { uncleanElection: true }, ['t: unclean.leader.election.enable is true']],
  ])('%s', (_, differs, weaknesses) => {
    expect(weaknessesOf({ ...strong, ...differs })).toEqual(weaknesses);
  });
});
