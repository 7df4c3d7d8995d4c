import { requestIdOf, type Micros, type Request } from '@paceline/contracts';
import type { ContactHash, ReachQuery } from '../ingest/admission.ts';
import { fault, type CheckedRow } from '../ingest/check-rules.ts';
import { rowApis, type RowApi } from '../ingest/parameters.ts';
import type { RowFault } from '../ingest/raw-row.ts';
import { isQuietable, zoneOfAddress } from '../ingest/recipient-zone.ts';
import { checkRow } from '../ingest/row-checks.ts';

export interface ReadmissionContext {
  /** The new batch. */
  readonly batchId: string;
  /** Takes the place of every row's own; null = each keeps its own. */
  readonly expiresAt: Micros | null;
  readonly accounts: ReadonlySet<string>;
  readonly quietAccounts: ReadonlySet<string>;
  readonly contactHash: ContactHash;
  suppressedBecause(query: ReachQuery, nowMicros: number): string | null;
}

export interface ReadmissionPlace {
  /** Row of the new batch. */
  readonly row: number;
  /** The request that this one follows. */
  readonly parent: string;
  readonly now: Micros;
}

export type Readmission = { readonly admitted: true; readonly request: Request } | { readonly admitted: false; readonly fault: RowFault };

/**
 * Our verdict on a row that comes again, by the rules of today: account, expiry, checks and suppressions as at its first
 * admission. What it sends is what it sent: templates were filled then, and a filled text is not filled twice.
 */
export function readmitRow(request: Request, place: ReadmissionPlace, context: ReadmissionContext): Readmission {
  const expiresAt = context.expiresAt ?? request.expiresAt;
  const broken = brokenRule({ ...request, expiresAt }, place.now, context);
  if (broken !== null) return { admitted: false, fault: broken };
  const again = requestAgain({ ...request, expiresAt }, place, context);
  const { contact, sender, personal } = again;
  const because = context.suppressedBecause({ contact, api: again.api as RowApi, sender, ...personal }, place.now);
  if (because === null) return { admitted: true, request: again };
  return { admitted: false, fault: fault('suppressed-at-admission', 'To', because) };
}

function requestAgain(request: Request, { row, parent }: ReadmissionPlace, context: ReadmissionContext): Request {
  const { account, personal, api, timeZone } = request;
  const { batchId, contactHash, quietAccounts } = context;
  const sender = contactHash.ofSender(valueOf(request, 'From') || valueOf(request, 'MessagingServiceSid'));
  const lane = sender === '' ? api : `${api}:${sender.slice(0, 12)}`;
  const isQuiet = quietAccounts.has(account) && isQuietable(api as RowApi);
  return {
    ...request,
    ...{ requestId: requestIdOf(batchId, row), batchId, row, parent },
    ...{ contact: contactHash.ofContact(personal.to), sender, lane },
    timeZone: isQuiet ? (timeZone ?? zoneOfAddress(personal.to)) : null,
  };
}

function brokenRule(request: Request, now: Micros, { accounts }: ReadmissionContext): RowFault | null {
  const api = rowApis.find((known) => known === request.api);
  if (api === undefined) return fault('unknown-api', 'Api', `Api is none of ${rowApis.join(', ')}`);
  if (!accounts.has(request.account)) return fault('unknown-account', 'Account', 'no account of this name is set up');
  const { expiresAt, notBefore } = request;
  if (expiresAt !== null && expiresAt <= now) return fault('already-expired', 'ExpiresAt', 'ExpiresAt has passed: resend with --expires');
  if (expiresAt !== null && notBefore !== null && expiresAt <= notBefore) {
    return fault('invalid-time', 'ExpiresAt', 'ExpiresAt is not after NotBefore');
  }
  return checkRow(api, checkedRow(request));
}

const valueOf = ({ personal }: Request, wanted: string): string => personal.params.find(({ name }) => name === wanted)?.value ?? '';

const checkedRow = (request: Request): CheckedRow => ({
  to: request.personal.to,
  get: (wanted) => valueOf(request, wanted),
  all: (wanted) => request.personal.params.filter(({ name }) => name === wanted).map(({ value }) => value),
});
