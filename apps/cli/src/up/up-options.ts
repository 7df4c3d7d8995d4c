import { resolve } from 'node:path';
import { isBrokerCount, type BrokerCount } from '@paceline/local';
import { CliError, exitCodes } from '../exit-code.ts';

/** Flags of `npm start`, as commander reads them. */
export interface UpFlags {
  readonly once?: boolean;
  readonly file: readonly string[];
  readonly settings?: string;
  readonly json?: boolean;
  readonly fresh?: boolean;
  readonly dataDir: string;
  readonly portBase: string;
  readonly brokers: string;
  readonly simulator: boolean;
  readonly restart: boolean;
  readonly rows: string;
}

export interface UpOptions {
  readonly once: boolean;
  readonly files: readonly string[];
  /** Null = the demo settings, written into the data folder. */
  readonly settings: string | null;
  readonly json: boolean;
  readonly fresh: boolean;
  readonly dataDir: string;
  readonly portBase: number;
  readonly brokers: BrokerCount;
  readonly simulator: boolean;
  readonly restart: boolean;
  /** Rows of the demo sample. */
  readonly sampleRows: number;
}

function whole(flag: string, text: string, bounds: { min: number; max: number }): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value;
  throw new CliError(`${flag} ${text}: give a whole number from ${bounds.min} to ${bounds.max}`, exitCodes.usage);
}

function brokerCount(text: string): BrokerCount {
  const count = Number(text);
  if (isBrokerCount(count)) return count;
  throw new CliError(`--brokers ${text}: give 1 or 3`, exitCodes.usage);
}

export function upOptions(flags: UpFlags): UpOptions {
  return {
    once: flags.once === true,
    files: flags.file.map((file) => resolve(file)),
    settings: flags.settings === undefined ? null : resolve(flags.settings),
    json: flags.json === true,
    fresh: flags.fresh === true,
    dataDir: resolve(flags.dataDir),
    portBase: whole('--port-base', flags.portBase, { min: 1_024, max: 65_000 }),
    brokers: brokerCount(flags.brokers),
    simulator: flags.simulator,
    restart: flags.restart,
    sampleRows: whole('--rows', flags.rows, { min: 1, max: 1_000_000 }),
  };
}
