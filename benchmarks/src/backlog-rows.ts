// Rows as the ingestor would admit them from fifty files at once, in the order in which they stand in the log.
import { batchIdOf, contactOf, event, hashId, metaOf, requestIdOf, type EventOf, type Request } from '@paceline/contracts';

export const lanes = 1_000;
export const batches = 50;
export const account = 'demo';
export const noon = 1_790_000_000_000_000;

/** Rows of one file that stand in the log together. */
const run = 500;
const key = 'benchmark';

const batchIds = Array.from({ length: batches }, (_, n) => batchIdOf(hashId('backlog', n), account, '1'));
const senders = Array.from({ length: lanes }, (_, n) => `+1628555${String(n).padStart(4, '0')}`);
const senderHashes = senders.map((sender) => contactOf(key, sender));

/** The row at that offset of the log. */
export function admittedAt(offset: number): EventOf<'RequestAdmitted'> {
  const request = requestAt(offset);
  const meta = metaOf('RequestAdmitted', { natural: [request.requestId], at: noon, correlationId: request.batchId });
  return event('RequestAdmitted', { meta, request });
}

function requestAt(offset: number): Request {
  const batch = Math.floor(offset / run) % batches;
  const row = Math.floor(offset / (run * batches)) * run + (offset % run) + 1;
  const lane = (row * 7 + batch * 13) % lanes;
  const batchId = batchIds[batch] ?? '';
  const sender = senderHashes[lane] ?? '';
  const requestId = requestIdOf(batchId, row);
  return {
    ...{ requestId, batchId, account, api: 'messages', lane: `messages:${sender.slice(0, 12)}`, row, line: row + 1, cost: 1 },
    ...{ priority: 0, notBefore: null, expiresAt: null, timeZone: null, externalId: `order ${row}`, parent: null, sender },
    // A keyed hash in truth; as long and as different, but cheaper to make.
    contact: [...requestId].reverse().join(''),
    personal: {
      to: `+1415555${String(row % 10_000).padStart(4, '0')}`,
      params: [
        { name: 'From', value: senders[lane] ?? '' },
        { name: 'Body', value: `Your order ${row} is on its way and comes tomorrow between 10 and 12. Reply STOP to hear no more.` },
      ],
    },
  };
}
