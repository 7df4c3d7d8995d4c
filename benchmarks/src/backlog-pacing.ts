// One partition of requests as the pacer holds it, with a lane for every sender and somebody to send from every partition.
import { ControlIndex } from '@paceline/domain/controls';
import { PartitionPacing, type AccountTerms, type PacingTerms, type RowStore } from '@paceline/domain/pacing';
import { account, noon } from './backlog-rows.ts';

/** What the pacer is given by default. */
const residentRows = 100_000;
const carrySpan = 2_000_000;

const demo: AccountTerms = {
  callsPerSecond: 2_000,
  maxInFlight: 100_000,
  laneRates: new Map(),
  unlistedSegmentsPerSecond: 5,
  apiLimits: {},
  dailyCap: null,
  dailyReset: { at: '00:00', zone: 'UTC' },
  quietHours: null,
};

const terms: Omit<PacingTerms, 'store'> = {
  accounts: new Map([[account, demo]]),
  controls: new ControlIndex(),
  board: { heed: () => undefined, speaks: () => true, inFlight: () => 0, latencyP90Ms: () => null, latencyMeanMs: () => null },
  newSteward: () => ({ heed: () => undefined, decide: () => [], nextAtMs: () => null }),
  slots: { partitions: 1, of: () => 0 },
  minShare: 0.1,
  ...{ residentRows, carrySpan },
};

export const pacingOver = (store: RowStore): PartitionPacing =>
  new PartitionPacing({ ...terms, store }, { committed: 0, state: new Map(), now: noon });
