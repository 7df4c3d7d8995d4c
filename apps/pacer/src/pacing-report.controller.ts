import { Controller, Get, Inject } from '@nestjs/common';
import type { AccountReport, PacingReport } from '@paceline/domain/reporting';

export const pacingReports = Symbol('PacingReports');

/** What a pacer can tell about the partitions it owns now. */
export interface PacingReports {
  /** UTC microseconds. */
  now(): number;
  accounts(now: number): readonly AccountReport[];
}

/** One open partition, as far as it can be asked; PartitionPacing fits. */
export interface ReportingPartition {
  report(now: number): readonly AccountReport[];
}

/** The open partitions of this process. A partition is asked only when somebody asks, never by a timer. */
export class OpenPartitions implements PacingReports {
  readonly #open = new Set<ReportingPartition>();

  constructor(readonly now: () => number) {}

  /** Until the returned function is called. */
  watch(partition: ReportingPartition): () => void {
    this.#open.add(partition);
    return () => void this.#open.delete(partition);
  }

  accounts(now: number): readonly AccountReport[] {
    return [...this.#open].flatMap((partition) => partition.report(now));
  }
}

/** Why rows wait, for `paceline status`. No answer holds a phone number, a body or a secret. */
@Controller()
export class PacingReportController {
  constructor(@Inject(pacingReports) private readonly reports: PacingReports) {}

  @Get('pacing')
  pacing(): PacingReport {
    const at = this.reports.now();
    return { schemaVersion: 1, at, accounts: this.reports.accounts(at) };
  }
}
