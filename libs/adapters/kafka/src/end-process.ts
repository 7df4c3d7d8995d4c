import type { AdapterLogger } from './connection.ts';

/**
 * For a consumer that cannot go on: a process without it would look well and do nothing. Ends as a signal would, so that
 * what is claimed is closed and what was answered is written, within the stop's deadline.
 */
export function endProcess(logger: AdapterLogger, { groupId, error }: { readonly groupId: string; readonly error: Error }): void {
  logger.error({ groupId, error: error.message }, 'the consumer cannot go on; the process ends');
  process.exitCode = 1;
  process.kill(process.pid, 'SIGTERM');
}
