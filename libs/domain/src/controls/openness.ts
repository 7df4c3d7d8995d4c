import { parseEntity, type Control } from './control.ts';
import type { Controls } from './control-index.ts';

/** How far something is open: as its limits say, one slot at a time to see how it goes, or not at all. */
export type Openness = { readonly kind: 'open' } | { readonly kind: 'probing' | 'shut'; readonly why: Shut };

export interface Shut {
  readonly kind: StopAspect;
  readonly entity: string;
  readonly by: string;
  readonly reason: string;
}

/** Aspects that keep rows from being called until somebody lifts them. */
export type StopAspect = 'paused' | 'parked' | 'breaker';

/** The value with which an aspect lets a slot through now and then; null = it only stops. */
const probingValues: Readonly<Record<StopAspect, string | null>> = { paused: null, breaker: 'half-open', parked: 'probing' };
const stopAspects = Object.keys(probingValues) as readonly StopAspect[];

const open: Openness = { kind: 'open' };

/** Anything but a clear no counts as yes: a stop must never be missed. */
export const isYes = ({ value }: Pick<Control, 'value'>): boolean => value !== null && value !== false && value !== 'closed';

const isInstant = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;

/** Whether it keeps rows from being called, half open or not. */
export const isStop = (control: Control): boolean => stopAspects.some((aspect) => aspect === control.aspect) && isYes(control);

/** The controls that stop an entity now. */
export const stopsOf = (controls: Controls, entity: string): readonly Control[] => controls.of(entity).filter(isStop);

/** As stopsOf; of a lane that is named without an account also what stops it in one account. */
export function stopsAnywhere(controls: Controls, entity: string): readonly Control[] {
  const { kind, id } = parseEntity(entity);
  const isMeant = (one: string): boolean => one === entity || (kind === 'lane' && one.startsWith('lane:') && one.endsWith(`/${id}`));
  return [...controls.all()].filter((control) => isMeant(control.entity) && isStop(control));
}

const isProbing = ({ aspect, value }: Control): boolean => value === probingValues[aspect as StopAspect];

function whyOf({ entity, aspect, by, reason }: Control): Shut {
  return { kind: stopAspects.find((one) => one === aspect) ?? 'paused', entity, by, reason };
}

/** Paused shuts before all; so does any other stop, unless every origin that sets one lets probes through. */
export function opennessOf(controls: Controls, entity: string): Openness {
  const stops = stopsOf(controls, entity);
  const full = stops.find(({ aspect }) => aspect === 'paused') ?? stops.find((stop) => !isProbing(stop));
  if (full !== undefined) return { kind: 'shut', why: whyOf(full) };
  return stops[0] === undefined ? open : { kind: 'probing', why: whyOf(stops[0]) };
}

export const accountOpenness = (controls: Controls, account: string): Openness => opennessOf(controls, `account:${account}`);
export const batchOpenness = (controls: Controls, batchId: string): Openness => opennessOf(controls, `batch:${batchId}`);

/** A lane without a sender is named the same in every account: a control may name it with its account. */
export const laneEntities = (account: string, lane: string): readonly string[] => [`lane:${lane}`, laneEntity(account, lane)];

/** Named with its account: the same sender, or none, makes the same lane in every account. */
export const laneEntity = (account: string, lane: string): string => `lane:${account}/${lane}`;

/** A cancellation that is no instant ends no row, but nothing goes on as if it were not there. */
function entityOpenness(controls: Controls, entity: string): Openness {
  const unsound = controls.of(entity).find((one) => one.aspect === 'cancelled' && isYes(one) && !isInstant(one.value));
  return unsound === undefined ? opennessOf(controls, entity) : { kind: 'shut', why: whyOf(unsound) };
}

/** The least open of all that is set for the lane. */
export function laneOpenness(controls: Controls, account: string, lane: string): Openness {
  const found = laneEntities(account, lane).map((entity) => entityOpenness(controls, entity));
  return found.find(({ kind }) => kind === 'shut') ?? found.find(({ kind }) => kind === 'probing') ?? open;
}

/** Rows that began to wait in the lane before these instants are ended; 0 = none. UTC microseconds. */
export interface LaneEndings {
  /** By a person, or for a run that must end. */
  readonly cancelled: number;
  /** By the pacer: the lane was full for as long as a row may be throttled. */
  readonly throttledOut: number;
}

export function laneEndings(controls: Controls, account: string, lane: string): LaneEndings {
  const endings = { cancelled: 0, throttledOut: 0 };
  for (const { aspect, origin, value } of laneEntities(account, lane).flatMap((entity) => controls.of(entity))) {
    if (aspect !== 'cancelled' || !isInstant(value)) continue;
    const by = origin === 'operator' ? 'cancelled' : 'throttledOut';
    endings[by] = Math.max(endings[by], value);
  }
  return endings;
}

const isSet = (controls: Controls, entity: string, aspect: string): boolean =>
  controls.of(entity).some((control) => control.aspect === aspect && isYes(control));

export const isBatchCancelled = (controls: Controls, batchId: string): boolean => isSet(controls, `batch:${batchId}`, 'cancelled');
export const isAccountCancelled = (controls: Controls, account: string): boolean => isSet(controls, `account:${account}`, 'cancelled');

/** Rows held because their zone is not known are let go. */
export const isBatchReleased = (controls: Controls, batchId: string): boolean => isSet(controls, `batch:${batchId}`, 'release');
