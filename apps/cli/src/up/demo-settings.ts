import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portOf } from '@paceline/local';

/** Settings of the first run: one account, our simulator, a watched folder. A user's own file starts from it. */
function demoSettings(portBase: number): string {
  return `# Settings of the demo. Copy this file, change it, and start with: npm start -- --settings FILE
accounts:
  - name: demo
    sid: AC00000000000000000000000000000001
    authToken: simulator-needs-no-secret
    mode: simulator
    baseUrl: http://127.0.0.1:${portOf(portBase, 'simulator')}
    callsPerSecond: 50
    maxInFlight: 40
    callbacks: {publicUrl: "http://127.0.0.1:${portBase + 16}"}
sources:
  - {name: drop, folder: ./inbox, account: demo, mode: stream, stable: 300ms}
ingest: {pollMs: 250}
# Short, because the simulator answers at once: a real account keeps the defaults.
retry: {maxTotalWait: 60s}
reconcile: {clientTimeout: 10s, providerTimeout: 2s, skew: 1s}
tracing: {ratio: 1}
`;
}

/** Path of the data folder's own settings; written anew at each start, because the ports may have moved. */
export function writeDemoSettings(dataDir: string, portBase: number): string {
  mkdirSync(join(dataDir, 'inbox'), { recursive: true });
  const path = join(dataDir, 'paceline.yaml');
  writeFileSync(path, demoSettings(portBase));
  return path;
}

/** A folder that a start of ours made. */
export function isOurs(dataDir: string): boolean {
  return existsSync(join(dataDir, 'run.json'));
}
