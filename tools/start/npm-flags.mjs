// npm keeps flags given before `--` for itself: it turns them into variables and passes only the bare words.
// `npm start --file a.csv` arrives as npm_config_file=true and the word `a.csv`.
import { exitUsage, SetupError } from './setup-error.mjs';

const switches = { once: '--once', json: '--json', fresh: '--fresh', yes: '--yes' };
const negated = { simulator: '--no-simulator', restart: '--no-restart' };
const valued = {
  file: '--file',
  settings: '--settings',
  data_dir: '--data-dir',
  port_base: '--port-base',
  rows: '--rows',
  brokers: '--brokers',
};
const flagVariables = [...Object.keys(switches), ...Object.keys(negated), ...Object.keys(valued)].map((name) => `npm_config_${name}`);

/** The environment for what we start: npm's variables of our flags mean something else there. */
export function withoutOurFlags(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !flagVariables.includes(name)));
}

/** The flags as they were written, whether npm kept them for itself or not. */
export function flagsOf(words, env) {
  if (env.npm_command !== 'start') return words;
  const on = Object.entries(switches)
    .filter(([name]) => env[`npm_config_${name}`] === 'true')
    .map(([, flag]) => flag);
  const off = Object.entries(negated)
    .filter(([name]) => env[`npm_config_${name}`] === '')
    .map(([, flag]) => flag);
  const values = Object.entries(valued).flatMap(([name, flag]) => {
    const text = env[`npm_config_${name}`];
    return text === undefined ? [] : text.split('\n\n').map((value) => ({ flag, value: value === 'true' ? null : value }));
  });
  return [...on, ...off, ...withValues(values, words)];
}

function withValues(values, words) {
  const open = values.filter(({ value }) => value === null);
  const closed = values.filter(({ value }) => value !== null).flatMap(({ flag, value }) => [flag, value]);
  if (open.length === 0) return [...closed, ...words];
  const sameFlag = open.every(({ flag }) => flag === open[0].flag);
  if (!sameFlag || words.length !== open.length || words.some((word) => word.startsWith('-'))) {
    throw new SetupError(
      'npm did not pass the flags on as they were written: put them after --, for example: npm start -- --file rows.csv --once',
      exitUsage,
    );
  }
  return [...closed, ...words.flatMap((word) => [open[0].flag, word])];
}
