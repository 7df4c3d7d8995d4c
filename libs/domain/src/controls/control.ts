import { event, metaOf, type ControlOrigin, type ControlSet, type EventOf, type Micros } from '@paceline/contracts';

/** What a record of `paceline.controls` is about; of each there is at most one in force. */
export interface ControlId {
  /** account:NAME, batch:ID, lane:ID or lane:ACCOUNT/ID. */
  readonly entity: string;
  readonly aspect: string;
  readonly origin: ControlOrigin;
}

/** A control in force. */
export interface Control extends ControlId {
  /** Parsed; a value that is no JSON counts as its text. Never null. */
  readonly value: unknown;
  readonly by: string;
  readonly reason: string;
}

/** What a control is to be from now on. */
export interface ControlWish extends ControlId {
  /** JSON; null lifts. */
  readonly value: string | null;
  readonly reason: string;
  readonly by: string;
}

/** The event that makes it so; `at` is part of its identity. */
export function controlSet({ entity, aspect, origin, value, reason, by }: ControlWish, at: Micros): EventOf<'ControlSet'> {
  const meta = metaOf('ControlSet', { natural: [entity, aspect, origin, at], at, correlationId: entity });
  return event('ControlSet', { meta, entity, aspect, origin, value, reason, by });
}

/** Null when the record lifts its control. */
export function controlOf({ entity, aspect, origin, value, by, reason }: ControlSet): Control | null {
  const parsed = value === null ? null : parse(value);
  return parsed === null ? null : { entity, aspect, origin, value: parsed, by, reason };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** From the key of its record. */
export function controlIdOf(key: string): ControlId {
  const [origin = '', aspect = ''] = key.split('/').toReversed();
  return { entity: key.slice(0, -origin.length - aspect.length - 2), aspect, origin: origin as ControlOrigin };
}

/** Kind and id of an entity. */
export function parseEntity(entity: string): { readonly kind: string; readonly id: string } {
  const at = entity.indexOf(':');
  return { kind: entity.slice(0, Math.max(0, at)), id: entity.slice(at + 1) };
}
