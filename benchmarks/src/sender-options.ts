import { parseArgs } from 'node:util';

export interface StackBenchOptions {
  readonly quick: boolean;
  /** One part of the benchmark; empty = all. */
  readonly only: string;
  /** Empty: a temporary folder that is removed at the end. */
  readonly dataDir: string;
  readonly portBase: number;
}

export interface BenchText {
  readonly name: string;
  /** Names of its parts. */
  readonly parts: readonly string[];
  /** How long it takes. */
  readonly full: string;
  readonly short: string;
}

export const usageOf = ({
  name,
  parts,
  full,
  short,
}: BenchText): string => `bench:${name} [--quick] [--only ${parts.join('|')}] [--data-dir DIR] [--port-base N]
  --quick      shorter cases (${short}; all: ${full})
  --only       one part; nothing is written to results
  --data-dir   where the servers keep their data; a temporary folder unless given
  --port-base  first of 16 ports; 24080 unless given`;

/** Throws with a sentence when an argument is not understood. */
export function readStackOptions({ parts }: BenchText): StackBenchOptions {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      'data-dir': { type: 'string', default: '' },
      'port-base': { type: 'string', default: '24080' },
    },
  });
  const { quick, only } = values;
  const portBase = Number(values['port-base']);
  if (only !== '' && !parts.includes(only)) throw new Error(`--only: there is no part ${only}`);
  if (!Number.isInteger(portBase) || portBase < 1_024 || portBase > 65_500) throw new Error('--port-base: give a port from 1024 to 65500');
  return { quick, only, portBase, dataDir: values['data-dir'] };
}
