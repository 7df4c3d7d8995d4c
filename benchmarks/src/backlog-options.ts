import { parseArgs } from 'node:util';
import { pacingCase } from './backlog-pacing-case.ts';
import { rebuildCase } from './backlog-rebuild-case.ts';
import { storeCase } from './backlog-store-case.ts';
import type { BacklogCase } from './backlog-case.ts';

export const cases: Readonly<Record<string, BacklogCase>> = { store: storeCase, pacing: pacingCase, rebuild: rebuildCase };

export const usage = `bench:backlog [--quick] [--only store|pacing|rebuild] [--data-dir DIR] [--port-base N]
  --quick      up to 1 M rows (some 3 minutes; all: some 20)
  --only       one case; nothing is written to results
  --data-dir   where rows and servers keep their data (8 GB; 2 GB when quick); a temporary folder unless given
  --port-base  first port of the servers; 24080 unless given`;

const optionTypes = {
  quick: { type: 'boolean', default: false },
  only: { type: 'string', default: '' },
  'data-dir': { type: 'string', default: '' },
  'port-base': { type: 'string', default: '24080' },
  'result-to': { type: 'string', default: '' },
} as const;

export interface BacklogOptions {
  readonly quick: boolean;
  /** One of the cases; empty = all. */
  readonly only: string;
  /** Empty: a temporary folder that is removed at the end. */
  readonly dataDir: string;
  readonly portBase: number;
  /** In a case's own process: the file that its result goes to; else empty. */
  readonly resultTo: string;
}

/** Throws with a sentence when an argument is not understood. */
export function readBacklogOptions(): BacklogOptions {
  const { values } = parseArgs({ options: optionTypes });
  const { quick, only } = values;
  const portBase = Number(values['port-base']);
  if (only !== '' && cases[only] === undefined) throw new Error(`--only: there is no case ${only}`);
  if (!Number.isInteger(portBase) || portBase < 1_024 || portBase > 65_500) throw new Error('--port-base: give a port from 1024 to 65500');
  return { quick, only, portBase, dataDir: values['data-dir'], resultTo: values['result-to'] };
}
