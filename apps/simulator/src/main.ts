import { readConfig } from './config.ts';
import { startOrExit } from './start-or-exit.ts';

await startOrExit(() => readConfig(process.env));
