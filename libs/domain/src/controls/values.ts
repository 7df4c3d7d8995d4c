import type { Controls } from './control-index.ts';

const numberBetween =
  (min: number, max: number) =>
  (value: unknown): value is number =>
    typeof value === 'number' && value >= min && value <= max;

const isRate = numberBetween(0, 100_000);
const isCap = numberBetween(0, 100_000);
const isWeight = numberBetween(0.001, 1_000_000);
const isPriority = (value: unknown): value is number => Number.isInteger(value) && Math.abs(value as number) <= 1_000_000;

interface Question {
  readonly entity: string;
  readonly aspect: string;
  /** A value that is not sound is ignored. */
  readonly isSound: (value: unknown) => value is number;
}

function sound(controls: Controls, { entity, aspect, isSound }: Question): readonly { readonly origin: string; readonly value: number }[] {
  return controls.of(entity).flatMap((control) => {
    const { value } = control;
    return control.aspect === aspect && isSound(value) ? [{ origin: control.origin, value }] : [];
  });
}

const first = (controls: Controls, question: Question): number | null => sound(controls, question)[0]?.value ?? null;

const rateOf = (account: string): Question => ({ entity: `account:${account}`, aspect: 'rate', isSound: isRate });
const capOf = (account: string): Question => ({ entity: `account:${account}`, aspect: 'cap', isSound: isCap });

/** What a person set in place of the configured number; null = nothing. */
const operators = (controls: Controls, question: Question): number | null =>
  sound(controls, question).find(({ origin }) => origin === 'operator')?.value ?? null;

/** A person's number replaces the configured one; the other origins only lower it. */
function lowered(controls: Controls, question: Question, configured: number): number {
  const others = sound(controls, question).filter(({ origin }) => origin !== 'operator');
  return Math.min(operators(controls, question) ?? configured, ...others.map(({ value }) => value));
}

/** Calls per second; 0 = nothing is granted. */
export const accountRate = (controls: Controls, account: string, configured: number): number =>
  lowered(controls, rateOf(account), configured);

/** Calls in flight at once; 0 = nothing is granted. */
export const accountCap = (controls: Controls, account: string, configured: number): number =>
  lowered(controls, capOf(account), configured);

/** As accountRate and accountCap, without what the product itself has set. */
export const operatorRate = (controls: Controls, account: string): number | null => operators(controls, rateOf(account));
export const operatorCap = (controls: Controls, account: string): number | null => operators(controls, capOf(account));

/** Share of a batch among batches of equal priority. */
export const batchWeight = (controls: Controls, batchId: string): number =>
  first(controls, { entity: `batch:${batchId}`, aspect: 'weight', isSound: isWeight }) ?? 1;

/** Replaces the priority of the batch's rows; null = does not. */
export const batchPriority = (controls: Controls, batchId: string): number | null =>
  first(controls, { entity: `batch:${batchId}`, aspect: 'priority', isSound: isPriority });
