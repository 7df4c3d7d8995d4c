import type { AccountReport } from '@paceline/domain/reporting';
import { OpenPartitions, PacingReportController } from './pacing-report.controller.ts';

const report = (account: string): AccountReport => ({
  ...{ account, waiting: 0, waitingSince: null, callsPerSecond: 50, configuredCallsPerSecond: 50 },
  ...{ maxInFlight: null, inFlight: 0, era: 1, groups: [] },
});

test('GET /pacing tells of the partitions that are open at that moment, all as of one instant', () => {
  const open = new OpenPartitions(() => 42);
  const controller = new PacingReportController(open);
  const asked: number[] = [];
  const partition = (name: string) => ({ report: (now: number) => (asked.push(now), [report(name)]) });
  const close = open.watch(partition('demo'));
  open.watch(partition('other'));
  expect(controller.pacing()).toEqual({ schemaVersion: 1, at: 42, accounts: [report('demo'), report('other')] });
  expect(asked).toEqual([42, 42]);
  close();
  expect(controller.pacing().accounts.map(({ account }) => account)).toEqual(['other']);
});
