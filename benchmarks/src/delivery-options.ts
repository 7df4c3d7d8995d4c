import { parseArgs } from 'node:util';
import { longRounds } from '../../regression/chaos/kill-plans.ts';

export const usage = `chaos:kill [--quick] [--seed N] [--rounds N] [--at-once N] [--keep FILE] [--only labels|random]
  --quick   one round: the sender at each label once, 20 kills at random instants (some four minutes)
  --seed    of the first round; each later one has the next number. Chosen and printed unless given
  --rounds  rounds of a long run; ${longRounds} unless given (some two hours one after the other)
  --at-once rounds at the same time, each on servers of its own; 1 unless given
  --keep    file for the rounds that have ended; a run that was cut off goes on from there
  --only    one of the two halves; nothing is written to results`;

export interface DeliveryOptions {
  readonly quick: boolean;
  readonly seed: number;
  readonly rounds: number;
  readonly atOnce: number;
  /** Null: nothing is kept before the end. */
  readonly keep: string | null;
  /** Empty: both halves. */
  readonly only: string;
}

const optionTypes = {
  quick: { type: 'boolean', default: false },
  seed: { type: 'string', default: '' },
  rounds: { type: 'string', default: String(longRounds) },
  'at-once': { type: 'string', default: '1' },
  keep: { type: 'string' },
  only: { type: 'string', default: '' },
} as const;

function whole(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least) throw new Error(`--${name}: give a whole number from ${least}`);
  return number;
}

/** Throws with a sentence when an argument is not understood. */
export function readDeliveryOptions(args?: readonly string[]): DeliveryOptions {
  const { values } = parseArgs({ options: optionTypes, ...(args === undefined ? {} : { args: [...args] }) });
  const { quick, only } = values;
  if (!['', 'labels', 'random'].includes(only)) throw new Error('--only: give labels or random');
  const seed = values.seed === '' ? Date.now() % 1_000_000 : whole('seed', values.seed, 0);
  const rounds = quick ? 1 : whole('rounds', values.rounds, 1);
  return { quick, only, seed, rounds, atOnce: whole('at-once', values['at-once'], 1), keep: values.keep ?? null };
}
