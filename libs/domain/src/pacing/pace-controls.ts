import { inForce, isYes, lowered, numberBetween, stopping, type ControlLookup, type InForce } from './control-values.ts';

export type { ControlLookup } from './control-values.ts';

/** How far something is open: as its limits say, one slot at a time to see how it goes, or not at all. */
export type Openness = { readonly kind: 'open' } | { readonly kind: 'probing' | 'shut'; readonly why: Shut };

export interface Shut {
  readonly kind: 'paused' | 'parked' | 'breaker';
  readonly entity: string;
  readonly by: string;
  readonly reason: string;
}

const open: Openness = { kind: 'open' };

const isRate = numberBetween(0, 100_000);
const isCap = numberBetween(0, 100_000);
const isWeight = numberBetween(0.001, 1_000_000);
const isInstant = numberBetween(0, Number.MAX_SAFE_INTEGER);
const isPriority = (value: unknown): value is number => Number.isInteger(value) && Math.abs(value as number) <= 1_000_000;

const whyOf = (kind: Shut['kind'], entity: string, { by, reason }: InForce): Shut => ({ kind, entity, by, reason });
const shut = (kind: Shut['kind'], entity: string, control: InForce): Openness => ({ kind: 'shut', why: whyOf(kind, entity, control) });

interface Gradual {
  readonly aspect: 'breaker' | 'parked';
  /** The value that lets a slot through now and then. */
  readonly half: string;
}

/** Paused shuts; so does the gradual aspect unless every origin that speaks of it says half. */
function opennessOf(lookup: ControlLookup, entity: string, { aspect, half }: Gradual): Openness {
  const paused = stopping(lookup, entity, 'paused');
  if (paused !== null) return shut('paused', entity, paused);
  const said = inForce(lookup, entity, aspect).filter(isYes);
  const full = said.find(({ value }) => value !== half);
  if (full !== undefined) return shut(aspect, entity, full);
  return said[0] === undefined ? open : { kind: 'probing', why: whyOf(aspect, entity, said[0]) };
}

export const accountOpenness = (lookup: ControlLookup, account: string): Openness =>
  opennessOf(lookup, `account:${account}`, { aspect: 'breaker', half: 'half-open' });

/** A lane without a sender is named the same in every account: a control may name it with its account. */
export const laneEntities = (account: string, lane: string): readonly string[] => [`lane:${lane}`, `lane:${account}/${lane}`];

/** A cancellation that is no instant ends no row, but nothing goes on as if it were not there. */
function entityOpenness(lookup: ControlLookup, entity: string): Openness {
  const unsound = inForce(lookup, entity, 'cancelled').find((control) => isYes(control) && !isInstant(control.value));
  return unsound === undefined ? opennessOf(lookup, entity, { aspect: 'parked', half: 'probing' }) : shut('paused', entity, unsound);
}

/** The least open of all that is said about the lane. */
export function laneOpenness(lookup: ControlLookup, account: string, lane: string): Openness {
  const said = laneEntities(account, lane).map((entity) => entityOpenness(lookup, entity));
  return said.find(({ kind }) => kind === 'shut') ?? said.find(({ kind }) => kind === 'probing') ?? open;
}

/** Rows that began to wait in the lane before these instants are ended; 0 = none. UTC microseconds. */
export interface LaneEndings {
  /** By a person, or for a run that must end. */
  readonly cancelled: number;
  /** By the pacer: the lane was full for as long as a row may be throttled. */
  readonly throttledOut: number;
}

export function laneEndings(lookup: ControlLookup, account: string, lane: string): LaneEndings {
  const said = laneEntities(account, lane).flatMap((entity) => inForce(lookup, entity, 'cancelled'));
  const latest = (isOurs: boolean): number =>
    Math.max(0, ...said.map(({ origin, value }) => ((origin === 'operator') !== isOurs && isInstant(value) ? value : 0)));
  return { cancelled: latest(false), throttledOut: latest(true) };
}

export const isAccountStopped = (lookup: ControlLookup, account: string): boolean => accountOpenness(lookup, account).kind === 'shut';

export function batchPause(lookup: ControlLookup, batchId: string): Shut | null {
  const entity = `batch:${batchId}`;
  const paused = stopping(lookup, entity, 'paused');
  return paused === null ? null : { kind: 'paused', entity, by: paused.by, reason: paused.reason };
}

export const isBatchPaused = (lookup: ControlLookup, batchId: string): boolean => batchPause(lookup, batchId) !== null;

export const isBatchCancelled = (lookup: ControlLookup, batchId: string): boolean =>
  stopping(lookup, `batch:${batchId}`, 'cancelled') !== null;

/** Rows held because their zone is not known are let go. */
export const isBatchReleased = (lookup: ControlLookup, batchId: string): boolean =>
  stopping(lookup, `batch:${batchId}`, 'release') !== null;

/** Calls per second; 0 = nothing is granted. */
export const accountRate = (lookup: ControlLookup, account: string, configured: number): number =>
  lowered(inForce(lookup, `account:${account}`, 'rate'), configured, isRate);

/** Calls in flight at once; 0 = nothing is granted. */
export const accountCap = (lookup: ControlLookup, account: string, configured: number): number =>
  lowered(inForce(lookup, `account:${account}`, 'cap'), configured, isCap);

/** Share of a batch among batches of equal priority. */
export const batchWeight = (lookup: ControlLookup, batchId: string): number =>
  inForce(lookup, `batch:${batchId}`, 'weight')
    .map(({ value }) => value)
    .find(isWeight) ?? 1;

/** Replaces the priority of the batch's rows; null = does not. */
export const batchPriority = (lookup: ControlLookup, batchId: string): number | null =>
  inForce(lookup, `batch:${batchId}`, 'priority')
    .map(({ value }) => value)
    .find(isPriority) ?? null;

/** What a control is about: kind and id of its entity, and the aspect; null when the key is none. */
export function entityOfControl(key: string): { readonly kind: string; readonly id: string; readonly aspect: string } | null {
  const found = /^([a-z]+):(.*)\/([^/]+)\/[^/]+$/.exec(key);
  return found === null ? null : { kind: found[1] ?? '', id: found[2] ?? '', aspect: found[3] ?? '' };
}
