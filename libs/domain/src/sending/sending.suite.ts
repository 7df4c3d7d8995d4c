import { metaOf, type ControlSet, type Request, type SlotGranted, type SuppressionSet } from '@paceline/contracts';

const meta = metaOf('SlotGranted', { natural: ['test'], at: 0, correlationId: 'b1' });

export const request = (over: Partial<Request> = {}): Request => ({
  requestId: 'r1',
  batchId: 'b1',
  account: 'demo',
  api: 'messages',
  lane: 'messages:abc',
  row: 1,
  line: 2,
  cost: 1,
  priority: 0,
  notBefore: null,
  expiresAt: null,
  timeZone: null,
  externalId: null,
  contact: 'c1',
  sender: 's1',
  parent: null,
  personal: {
    to: '+15005550009',
    params: [
      { name: 'From', value: '+15005550006' },
      { name: 'Body', value: 'Hi' },
    ],
  },
  ...over,
});

export const slot = (over: Partial<SlotGranted> = {}): SlotGranted => ({
  meta,
  request: request(),
  attempt: 1,
  backoff: { throttles: 0, since: null },
  slotAt: 1_000_000,
  number: 1,
  era: 1,
  cost: 1,
  ...over,
});

export const suppression = (over: Partial<SuppressionSet> = {}): SuppressionSet => ({
  meta,
  contact: 'c1',
  channel: 'sms',
  scope: '*',
  origin: 'stop',
  reason: '',
  expiresAt: null,
  lifted: false,
  by: '',
  asOf: null,
  ...over,
});

export const control = (entity: string, aspect: string, value: unknown): ControlSet => ({
  meta,
  entity,
  aspect,
  origin: 'operator',
  value: value === null ? null : JSON.stringify(value),
  reason: '',
  by: '',
});
