import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answersOk, launch, type Launched, type LaunchHooks } from './launch.ts';
import { loopback } from './ports.ts';
import { StackError } from './stack-error.ts';
import { sourceCommand, workspaceRoot } from './workspace.ts';

export interface ClickHouseOptions {
  readonly dataDir: string;
  readonly port: number;
  /** Empty unless given: the server listens on loopback only. */
  readonly password?: string | undefined;
  readonly hooks?: LaunchHooks;
}

export const engineMegabytes = 543;

export function isEngineInstalled(): boolean {
  return existsSync(join(workspaceRoot, 'node_modules', 'chdb', 'package.json'));
}

/** Exists only while the engine was started with a password. */
export function clickHousePasswordFile(dataDir: string): string {
  return join(dataDir, 'clickhouse.password');
}

/** For clients of the engine that was started in this folder. */
export function clickHousePasswordEnv(dataDir: string): Record<string, string> {
  const file = clickHousePasswordFile(dataDir);
  return existsSync(file) ? { CLICKHOUSE_PASSWORD_FILE: file } : {};
}

export async function startClickHouse({ dataDir, port, password, hooks }: ClickHouseOptions): Promise<Launched> {
  if (!isEngineInstalled()) {
    throw new StackError(
      'the ClickHouse engine (npm package chdb) is not installed: run npm ci with development packages, or set CLICKHOUSE_URL.',
    );
  }
  const home = join(dataDir, 'clickhouse');
  await mkdir(home, { recursive: true });
  const passwordFile = clickHousePasswordFile(dataDir);
  if (password === undefined) await rm(passwordFile, { force: true });
  else await writeFile(passwordFile, password, { mode: 0o600 });
  const url = `http://${loopback}:${port}`;
  return launch(
    {
      name: 'clickhouse',
      command: sourceCommand('tools/local/src/clickhouse-main.ts'),
      env: {
        CLICKHOUSE_DIR: home,
        CLICKHOUSE_PORT: String(port),
        PACELINE_SUPERVISED: '1',
        // The engine runs each statement on one thread of this pool.
        UV_THREADPOOL_SIZE: '8',
        ...(password === undefined ? {} : { CLICKHOUSE_PASSWORD_FILE: passwordFile }),
      },
      cwd: workspaceRoot,
      logFile: join(dataDir, 'logs', 'clickhouse.log'),
      ports: [port],
      healthUrl: `${url}/ping`,
      readyWithinMs: 120_000,
      stopWithinMs: 15_000,
    },
    answersOk(`${url}/ping`),
    hooks,
  );
}
