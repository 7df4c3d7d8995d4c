import type { Event, EventName } from './events.ts';
import type { EventTypes } from './generated/events.ts';
import { hashId } from './ids.ts';
import { topicNames, topics, type TopicName } from './topics.ts';

/** One record to write. The partition follows from the key with the domain's partitioner. */
export interface OutputRecord {
  readonly topic: TopicName;
  readonly key: string;
  readonly event: Event;
  readonly headers?: Readonly<Record<string, string>>;
}

const byBatch = ({ batchId }: { readonly batchId: string }): string => batchId;
const byRequestId = ({ requestId }: { readonly requestId: string }): string => requestId;
const byRequest = ({ request }: { readonly request: { readonly requestId: string } }): string => request.requestId;
const byAccount = ({ account }: { readonly account: string }): string => account;
const byAccountOfRequest = ({ request }: { readonly request: { readonly account: string } }): string => request.account;
const byAlert = ({ alert, scope }: { readonly alert: string; readonly scope: string }): string => `${alert}/${scope}`;

/** Key of a control in its table. */
export const controlKey = ({ entity, aspect, origin }: Pick<EventTypes['ControlSet'], 'entity' | 'aspect' | 'origin'>): string =>
  `${entity}/${aspect}/${origin}`;

/** Key of each event: it decides the partition, and in a table which record this one replaces. */
const keys: { readonly [N in EventName]: (data: EventTypes[N]) => string } = {
  FileFound: ({ fileHash }) => fileHash,
  BatchAdmitted: byBatch,
  BatchProgressed: byBatch,
  BatchRead: byBatch,
  BatchRefused: byBatch,
  DuplicateFileSeen: byBatch,
  RowsClosed: byBatch,
  ResendPlanned: byBatch,
  RequestAdmitted: byAccountOfRequest,
  RetryScheduled: byAccountOfRequest,
  SlotReturned: byAccountOfRequest,
  RequestCarried: byAccountOfRequest,
  RequestRefused: byBatch,
  ControlSet: controlKey,
  ResendRequested: byBatch,
  SlotGranted: byRequest,
  AttemptStarted: byRequest,
  ResponseRecorded: byRequestId,
  SenderGauged: byAccount,
  PacerGauged: byAccount,
  CodesCounted: byAccount,
  RequestClosed: byRequestId,
  AlertRaised: byAlert,
  AlertCleared: byAlert,
  SuppressionSet: suppressionKey,
  DeadLettered: ({ sourceTopic, sourcePartition, sourceOffset }) => `${sourceTopic}-${sourcePartition}-${sourceOffset}`,
};

/**
 * Each origin has its own key: lifting one leaves the others. A lift has another key than what it lifts. Each answer of
 * Twilio has one, because routers write them in no order: under one key, an answer from before a lift could replace the
 * one that came after it.
 */
function suppressionKey({ contact, channel, scope, origin, lifted, meta }: EventTypes['SuppressionSet']): string {
  if (lifted) return hashId(contact, channel, scope, origin, 'lift');
  return origin.startsWith('code:') ? hashId(contact, channel, scope, origin, meta.eventId) : hashId(contact, channel, scope, origin);
}

const topicsByEvent = new Map(topicNames.flatMap((topic) => topics[topic].events.map((name: EventName) => [name, topic] as const)));

/** Key of the event's record. */
export const keyOf = <N extends EventName>({ type, data }: { readonly type: N; readonly data: EventTypes[N] }): string => keys[type](data);

/** The one place of an event in the log. */
export function recordOf(event: Event, headers?: Readonly<Record<string, string>>): OutputRecord {
  const topic = topicsByEvent.get(event.type);
  if (topic === undefined) throw new Error(`no topic holds ${event.type}`);
  return { topic, key: keyOf(event as never), event, ...(headers === undefined ? {} : { headers }) };
}
