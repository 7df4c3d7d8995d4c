import type { FreshControls } from '@paceline/domain/controls';
import type { AccountSteward, AccountTerms, GaugeBoard, RowStore } from '@paceline/domain/pacing';
import type { Clock } from '@paceline/pipeline';
import type { Tracing } from '@paceline/runtime';
import type { PacerMetrics } from './pacer-metrics.ts';
import type { ReportingPartition } from './pacing-report.controller.ts';
import type { OwnedRequests } from './request-trimmer.ts';
import type { Scheduler } from './scheduler.ts';

/** The controls as the task uses them. */
export interface PaceControls extends FreshControls {
  onChange(listener: (key: string) => void): () => void;
}

/** What every partition's task is given. */
export interface PacerParts {
  readonly accounts: ReadonlyMap<string, AccountTerms>;
  readonly pace: { readonly leadMs: number; readonly minLeadMs: number; readonly sliceMs: number; readonly minShare: number };
  readonly maxWaiting: number;
  readonly maxClosures: number;
  readonly residentRows: number;
  readonly carrySpan: number;
  /** Which slots partition a request's slots go to, of how many. */
  readonly slots: { readonly partitions: number; of(requestId: string): number };
  readonly controls: PaceControls;
  /** New for each opening: nothing of it outlives the opening. */
  readonly newStore: () => RowStore;
  readonly newBoard: () => GaugeBoard;
  readonly newSteward: (account: string, board: GaugeBoard) => AccountSteward;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly tracing: Pick<Tracing, 'child'>;
  readonly metrics: PacerMetrics;
  readonly reports: { watch(partition: ReportingPartition): () => void };
  readonly trimmer: { watch(owned: OwnedRequests): () => void };
  readonly logger: { warn(fields: object, message: string): void };
  /** Ends the process: the slice loop broke a promise of ours. */
  readonly fail: (error: unknown) => void;
}
