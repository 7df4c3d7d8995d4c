import { event, metaOf, type EventName, type EventTypes, type Request } from '@paceline/contracts';

/** What must never leave the personal part. */
export interface Secrets {
  readonly phone: string;
  readonly body: string;
  /** Raw bytes of a text; the domain itself knows no buffers. */
  readonly bytes: (text: string) => NonNullable<EventTypes['DeadLettered']['value']>;
}

export const at = 1_795_000_000_123_456;
export const meta = (type: EventName) => metaOf(type, { natural: ['sample'], at, correlationId: 'batch-1', causationId: 'cause-1' });
const backoff = { throttles: 2, since: at };

export const sampleRequest = ({ phone, body }: Secrets): Request => ({
  requestId: 'request-1',
  batchId: 'batch-1',
  account: 'demo',
  api: 'messages',
  lane: 'messages:0a1b2c3d4e5f',
  row: 7,
  line: 9,
  cost: 2,
  priority: 1,
  notBefore: null,
  expiresAt: at + 1,
  timeZone: 'Europe/Berlin',
  externalId: 'order-7',
  contact: 'c'.repeat(32),
  sender: 'd'.repeat(32),
  parent: null,
  personal: {
    to: phone,
    params: [
      { name: 'From', value: phone },
      { name: 'Body', value: body },
    ],
  },
});

/** One event of every type that carries the whole request. */
export const ofRequests = (secrets: Secrets) => {
  const request = sampleRequest(secrets);
  return {
    RequestAdmitted: event('RequestAdmitted', { meta: meta('RequestAdmitted'), request }),
    RequestCarried: event('RequestCarried', { meta: meta('RequestCarried'), request, attempt: 2, backoff, notBefore: at + 5 }),
    RetryScheduled: event('RetryScheduled', {
      meta: meta('RetryScheduled'),
      request,
      attempt: 2,
      backoff,
      notBefore: at + 5,
      reason: 'throttled',
      previous: 'request-1#1',
      ruleVersion: '2026-11.2',
    }),
    SlotGranted: event('SlotGranted', {
      meta: meta('SlotGranted'),
      request,
      attempt: 1,
      backoff,
      slotAt: at + 9,
      number: 41,
      era: 3,
      cost: 2,
    }),
    SlotReturned: event('SlotReturned', {
      meta: meta('SlotReturned'),
      request,
      attempt: 1,
      backoff,
      reason: 'late',
      slotAt: at + 9,
      number: 41,
    }),
    AttemptStarted: event('AttemptStarted', {
      meta: meta('AttemptStarted'),
      attemptId: 'request-1#1',
      request,
      attempt: 1,
      backoff,
      slotAt: at + 9,
      number: 41,
      deadline: at + 20,
      sender: 'sender-1',
    }),
  };
};
