// Accounts of a run, one per partition of `requests`, and rows for them; partitions by Kafka's own hash of the key.
import { contactOf, event, metaOf, partitionsOf, recordOf, requestIdOf, type EventOf, type Param, type Request } from '@paceline/contracts';
import type { OutputRecord } from '@paceline/pipeline';
import { Partitioners } from 'kafkajs';
import type { JudgedAccount } from './judge.ts';

export const contactKey = 'key of the pacing fault runs';

const partitionOf = Partitioners.DefaultPartitioner();

/** The partition that a key belongs to, as every producer of ours chooses it. */
export function partitionOfKey(key: string, domain: 'account' | 'request'): number {
  const partitions = Array.from({ length: partitionsOf[domain] }, (_, partitionId) => ({ partitionId, leader: 1 }));
  return partitionOf({ topic: '', partitionMetadata: partitions as never, message: { key, value: null } });
}

export interface BenchAccount extends JudgedAccount {
  readonly sid: string;
  /** Listed senders with their segments per second; a row takes them in turn. Empty = one sender without a limit. */
  readonly senders: readonly { readonly id: string; readonly perSecond: number }[];
}

/** Rows of listed senders have one, two or three segments. */
const meanSegments = 2;
const unlimitedSender = '+15005550006';
const laneOf = (from: string): string => `messages:${contactOf(contactKey, from).slice(0, 12)}`;

/** Calls a second that an account can make: its own pace, or that of its senders. */
export function paceOf({ callsPerSecond, lanes }: BenchAccount): number {
  const segments = [...lanes.values()].reduce((sum, perSecond) => sum + perSecond, 0);
  return lanes.size === 0 ? callsPerSecond : Math.min(callsPerSecond, segments / meanSegments);
}

/** A name that hashes to this partition. */
function nameFor(partition: number): string {
  for (let n = 1; ; n += 1) {
    const name = `pace-${partition}-${n}`;
    if (partitionOfKey(name, 'account') === partition) return name;
  }
}

/** An account whose rows all lie in this partition of `requests`. */
export function accountAt(partition: number, callsPerSecond: number, longCodes = 0): BenchAccount {
  const senders = Array.from({ length: longCodes }, (_, n) => ({ id: `+1500555${partition}1${n}0`, perSecond: n === 0 ? 1 : 4 }));
  return {
    name: nameFor(partition),
    sid: `AC${String(partition + 1).padStart(32, '0')}`,
    callsPerSecond,
    senders,
    lanes: new Map(senders.map(({ id, perSecond }) => [laneOf(id), perSecond])),
  };
}

export interface BenchBatch {
  readonly batchId: string;
  readonly requests: readonly Request[];
}

export interface BatchTerms {
  readonly batchId: string;
  readonly account: BenchAccount;
  readonly rows: number;
  /** Only rows whose slots lie in these partitions; all when absent. */
  readonly slotPartitions?: readonly number[];
}

/** Rows of one account. Row numbers that hash elsewhere are left out. */
export function requestsOf({ batchId, account, rows, slotPartitions }: BatchTerms): readonly Request[] {
  const requests: Request[] = [];
  for (let row = 1; requests.length < rows; row += 1) {
    const requestId = requestIdOf(batchId, row);
    if (slotPartitions === undefined || slotPartitions.includes(partitionOfKey(requestId, 'request'))) {
      requests.push(requestOf({ batchId, account, row, requestId }));
    }
  }
  return requests;
}

interface Row {
  readonly batchId: string;
  readonly account: BenchAccount;
  readonly row: number;
  readonly requestId: string;
}

function requestOf({ batchId, account, row, requestId }: Row): Request {
  const listed = senderOf(account, row);
  const from = listed?.id ?? unlimitedSender;
  const to = `+1500${String(2_000_000 + (row % 8_000_000))}`;
  const cost = listed === undefined ? 1 : 1 + (row % 3);
  return {
    requestId,
    batchId,
    account: account.name,
    api: 'messages',
    lane: laneOf(from),
    row,
    line: row + 1,
    cost,
    priority: 0,
    notBefore: null,
    expiresAt: null,
    timeZone: null,
    externalId: null,
    contact: contactOf(contactKey, to),
    sender: contactOf(contactKey, from),
    parent: null,
    personal: { to, params: paramsOf(from, cost) },
  };
}

/** Each listed sender gets rows in proportion to its rate, so that none is the last by far. */
function senderOf({ senders }: BenchAccount, row: number): BenchAccount['senders'][number] | undefined {
  const total = senders.reduce((sum, { perSecond }) => sum + perSecond, 0);
  let place = row % Math.max(1, total);
  return senders.find(({ perSecond }) => (place -= perSecond) < 0);
}

const paramsOf = (from: string, segments: number): readonly Param[] => [
  { name: 'From', value: from },
  { name: 'Body', value: 'a'.repeat(segments === 1 ? 20 : 153 * segments) },
];

export function admissionOf(request: Request, at: number): OutputRecord {
  const { requestId, batchId } = request;
  const admitted: EventOf<'RequestAdmitted'> = event('RequestAdmitted', {
    meta: metaOf('RequestAdmitted', { natural: [requestId], at, correlationId: batchId }),
    request,
  });
  return recordOf(admitted, { requestId, batchId, attempt: '1' });
}

export interface SettingsTerms {
  readonly accounts: readonly BenchAccount[];
  readonly simulatorUrl: string;
  readonly maxInFlight: number;
}

/** Time-outs of a run, ms: an answer that takes longer is a doubt. */
export const reconcile = { clientTimeoutMs: 2_000, providerTimeoutMs: 1_000, skewMs: 1_000 };

/** Beyond it a slot is returned, ms: the product's default, written down because arrivals are judged by it. */
export const lateToleranceMs = 12;

/** How the services of the run are set: the product's defaults but for times that a test need not wait out. */
export function settingsOf({ accounts, simulatorUrl, maxInFlight }: SettingsTerms): string {
  const lines = accounts.flatMap(({ name, sid, callsPerSecond, senders }) => [
    `  - name: ${name}`,
    `    sid: ${sid}`,
    '    authToken: simulator',
    `    baseUrl: ${simulatorUrl}`,
    `    callsPerSecond: ${callsPerSecond}`,
    `    maxInFlight: ${maxInFlight}`,
    `    callbacks: {publicUrl: "${simulatorUrl}"}`,
    ...(senders.length === 0 ? [] : ['    senders:']),
    ...senders.map(
      ({ id, perSecond }) => `      - {id: "${id}", type: long-code${perSecond === 1 ? '' : `, segmentsPerSecond: ${perSecond}`}}`,
    ),
  ]);
  const { clientTimeoutMs, providerTimeoutMs, skewMs } = reconcile;
  const times = `reconcile: {clientTimeout: ${clientTimeoutMs}ms, providerTimeout: ${providerTimeoutMs}ms, skew: ${skewMs}ms}`;
  return ['accounts:', ...lines, 'retry: {maxTotalWait: 60s}', `send: {lateToleranceMs: ${lateToleranceMs}}`, times, ''].join('\n');
}
