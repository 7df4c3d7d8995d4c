import type { EventTypes } from './generated/events.ts';

export type EventName = keyof EventTypes;

/** One decoded record of the log: its record name and its data. A union, so `switch (event.type)` narrows. */
export type Event = { [N in EventName]: { readonly type: N; readonly data: EventTypes[N] } }[EventName];

/** The events named by N, for handlers that accept a part of the union. */
export type EventOf<N extends EventName> = Extract<Event, { type: N }>;

/** Builds one log record; the only constructor, so that type and data cannot drift apart. */
export function event<N extends EventName>(type: N, data: EventTypes[N]): EventOf<N> {
  return { type, data } as unknown as EventOf<N>;
}
