import type { Event, EventName, EventOf, Micros } from '@paceline/contracts';

/** A decoded record of the log, as the timeline needs it. */
export interface TimelineRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly event: Event;
}

export interface TimelineLine {
  readonly atMicros: Micros;
  /** Since the first line. */
  readonly afterMs: number;
  readonly type: EventName;
  /** What happened, for a person: no number, no body. */
  readonly what: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

export interface TimelineSubject {
  readonly requestId: string;
  readonly batchId: string;
  readonly row: number;
}

type Told = { readonly [N in EventName]?: (data: EventOf<N>['data']) => string };

const orNone = (value: string | number | null): string => (value === null ? '-' : String(value));

/** In the order in which they can cause each other: equal instants are told in this order. */
const told: Told = {
  RequestAdmitted: ({ request }) =>
    `admitted: row ${request.row}, line ${request.line}, ${request.api}, lane ${request.lane}, cost ${request.cost}`,
  RequestRefused: ({ row, line, code, reason }) => `refused at admission: row ${row}, line ${line}, ${code}: ${reason}`,
  RequestCarried: ({ attempt }) => `carried: still waiting for attempt ${attempt}`,
  SlotGranted: ({ attempt, number, slotAt }) => `slot ${number} granted for attempt ${attempt}, at ${instant(slotAt)}`,
  SlotReturned: ({ attempt, number, reason }) => `slot ${number} of attempt ${attempt} returned: ${reason}`,
  AttemptStarted: ({ attempt, sender, deadline }) => `attempt ${attempt} claimed by ${sender}, deadline ${instant(deadline)}`,
  ResponseRecorded: (data) =>
    `attempt ${data.attempt} ${data.class} (${data.reason}), HTTP ${orNone(data.httpStatus)}, code ${orNone(data.code)}, SID ${orNone(data.sid)}${took(data)}`,
  RetryScheduled: ({ attempt, reason, notBefore }) => `attempt ${attempt} scheduled: ${reason}, not before ${instant(notBefore)}`,
  RowsClosed: ({ outcome, reason }) => `${outcome}: ${reason}`,
  RequestClosed: ({ outcome, reason, attempts, code }) => `${outcome}: ${reason}, attempts ${attempts}, code ${orNone(code)}`,
};

const ranks = Object.keys(told);

function took({ calledAt, answeredAt }: EventOf<'ResponseRecorded'>['data']): string {
  return calledAt === null || answeredAt === null ? '' : `, took ${((answeredAt - calledAt) / 1000).toFixed(1)} ms`;
}

/** UTC with microseconds. */
export function instant(micros: Micros): string {
  const whole = new Date(Math.floor(micros / 1000)).toISOString();
  return `${whole.slice(0, -1)}${String(micros % 1000).padStart(3, '0')}Z`;
}

/** Whether an event is about this request; RowsClosed names its rows by ranges. */
export function concerns({ type, data }: Event, subject: TimelineSubject): boolean {
  if (type === 'RowsClosed') {
    return data.batchId === subject.batchId && data.ranges.some(({ from, to }) => from <= subject.row && subject.row <= to);
  }
  if ('request' in data) return data.request.requestId === subject.requestId;
  return 'requestId' in data && data.requestId === subject.requestId;
}

/** All that happened to one request, oldest first; the same fact written twice is one line. */
export function requestTimeline(records: Iterable<TimelineRecord>, subject?: TimelineSubject): TimelineLine[] {
  const facts = new Map<string, TimelineRecord>();
  for (const record of records) {
    const { event } = record;
    if (told[event.type] === undefined || (subject !== undefined && !concerns(event, subject))) continue;
    if (!facts.has(event.data.meta.eventId)) facts.set(event.data.meta.eventId, record);
  }
  const ordered = [...facts.values()].sort(
    (a, b) => a.event.data.meta.occurredAt - b.event.data.meta.occurredAt || ranks.indexOf(a.event.type) - ranks.indexOf(b.event.type),
  );
  const start = ordered[0]?.event.data.meta.occurredAt ?? 0;
  return ordered.map((record) => lineOf(record, start));
}

function lineOf({ topic, partition, offset, event }: TimelineRecord, start: Micros): TimelineLine {
  const tell = told[event.type] as (data: Event['data']) => string;
  const atMicros = event.data.meta.occurredAt;
  return { atMicros, afterMs: (atMicros - start) / 1000, type: event.type, what: tell(event.data), topic, partition, offset };
}

/** One text line per fact: instant, time since the first, what, and where it stands in the log. */
export function renderTimeline(lines: readonly TimelineLine[]): string {
  const after = lines.map(({ afterMs }) => `+${afterMs.toFixed(3)} ms`);
  const width = Math.max(0, ...after.map((text) => text.length));
  return lines
    .map(
      ({ atMicros, what, topic, partition, offset }, at) =>
        `${instant(atMicros)}  ${(after[at] ?? '').padStart(width)}  ${what}  [${topic}/${partition}@${offset}]`,
    )
    .join('\n');
}
