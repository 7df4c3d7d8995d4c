import { otherTargets, senderTargets, type KillPlan } from './kill-run.ts';

type Print = KillPlan['print'];

/** Each label of the sender once, then random kills, a broker among them: within five minutes on two cores. */
export const quickPlan = (seed: number, print: Print): KillPlan => ({
  seed,
  targets: senderTargets,
  seats: 2,
  randomKills: 12,
  meanDistanceMs: 2_000,
  callsPerSecond: 60,
  brokers: 3,
  brokerKills: 1,
  place: 0,
  print,
});

/** One of the rounds of a long run. Twenty of them make 20 kills at each label and 1,000 at random instants. */
export const longPlan = (seed: number, print: Print): KillPlan => ({
  ...quickPlan(seed, print),
  targets: [...senderTargets, ...otherTargets],
  seats: 1,
  randomKills: 50,
  brokerKills: 5,
  meanDistanceMs: 4_000,
});

export const longRounds = 20;
