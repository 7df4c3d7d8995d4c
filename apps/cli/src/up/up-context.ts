import type { Stack } from '@paceline/local';
import type { Settings } from '@paceline/runtime';
import type { StackAccess } from '../stack-access.ts';
import type { UpOptions } from './up-options.ts';

/** What every step of `npm start` works with. */
export interface UpContext {
  readonly options: UpOptions;
  readonly settings: Settings;
  readonly settingsPath: string;
  readonly access: StackAccess;
  readonly stack: Stack;
  /** Lines for a person; never the report. */
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
  /** Null without a simulator of ours. */
  readonly simulatorUrl: string | null;
}
