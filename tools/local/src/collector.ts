import { join } from 'node:path';
import { clickHousePasswordEnv } from './clickhouse.ts';
import { answersOk, launch, type Launched, type LaunchHooks } from './launch.ts';
import { loopback } from './ports.ts';
import { sourceCommand, workspaceRoot } from './workspace.ts';

export interface CollectorOptions {
  readonly dataDir: string;
  readonly port: number;
  /** Where spans are inserted; null keeps them in the file only. */
  readonly clickhouse: string | null;
  readonly hooks?: LaunchHooks;
}

/** The receiver of traces: OTLP over HTTP with JSON on `<url>/v1/traces`. */
export function startCollector({ dataDir, port, clickhouse, hooks }: CollectorOptions): Promise<Launched> {
  const healthUrl = `http://${loopback}:${port}/readyz`;
  return launch(
    {
      name: 'collector',
      command: sourceCommand('tools/local/src/collector-main.ts'),
      env: {
        COLLECTOR_PORT: String(port),
        COLLECTOR_FILE: join(dataDir, 'traces.jsonl'),
        PACELINE_SUPERVISED: '1',
        ...(clickhouse === null ? {} : { CLICKHOUSE_URL: clickhouse }),
        ...clickHousePasswordEnv(dataDir),
      },
      cwd: workspaceRoot,
      logFile: join(dataDir, 'logs', 'collector.log'),
      ports: [port],
      healthUrl,
      readyWithinMs: 120_000,
      stopWithinMs: 5_000,
    },
    answersOk(healthUrl),
    hooks,
  );
}
