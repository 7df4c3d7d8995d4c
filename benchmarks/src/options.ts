import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Mode } from './cases/case.ts';

export interface BenchOptions {
  readonly mode: Mode;
  /** Null: a temporary folder that is removed at the end. */
  readonly dataDir: string | null;
  readonly portBase: number;
  /** Only cases whose name holds this text; empty = all. */
  readonly only: string;
  readonly peers: boolean;
}

export const usage = `bench:pacing [--quick] [--only TEXT] [--no-peers] [--data-dir DIR] [--port-base N]
  --quick      shorter cases, peers at one rate only (at most 5 minutes; all: at most 20)
  --only       only cases whose name holds TEXT; nothing is written to results
  --no-peers   the product only
  --data-dir   where servers keep their data; a temporary folder unless given
  --port-base  first of 24 ports; 24080 unless given`;

/** Throws with a sentence when an argument is not understood. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      'no-peers': { type: 'boolean', default: false },
      'data-dir': { type: 'string' },
      'port-base': { type: 'string', default: '24080' },
    },
  });
  const portBase = Number(values['port-base']);
  if (!Number.isInteger(portBase) || portBase < 1_024 || portBase > 65_500) throw new Error('--port-base: give a port from 1024 to 65500');
  const dataDir = values['data-dir'] === undefined ? null : resolve(values['data-dir']);
  return { mode: values.quick ? 'quick' : 'full', dataDir, portBase, only: values.only, peers: !values['no-peers'] };
}
