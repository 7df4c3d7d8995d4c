import { createHmac, hash } from 'node:crypto';
import type { EventTypes, Meta, Micros } from './generated/events.ts';

/** 128 bits of SHA-256 over the parts, as 32 hex digits; the separator keeps ('ab','c') and ('a','bc') apart. */
export function hashId(...parts: readonly (string | number)[]): string {
  return hash('sha256', parts.join('\u001f')).slice(0, 32);
}

export const batchIdOf = (contentHash: string, account: string, runId: string): string => hashId('batch', contentHash, account, runId);

export const requestIdOf = (batchId: string, row: number): string => hashId('request', batchId, row);

export const attemptIdOf = (requestId: string, attempt: number): string => `${requestId}#${attempt}`;

/** Splits `requestId#n`; the inverse of attemptIdOf. */
export function parseAttemptId(attemptId: string): { requestId: string; attempt: number } {
  const at = attemptId.lastIndexOf('#');
  return { requestId: attemptId.slice(0, at), attempt: Number(attemptId.slice(at + 1)) };
}

/** Keyed hash of a phone number or address: joins records without carrying the number. */
export const contactOf = (key: string, value: string): string => createHmac('sha256', key).update(value.trim()).digest('hex').slice(0, 32);

/** What makes an event of this type the same fact when it is written twice. */
export interface MetaInput {
  readonly natural: readonly (string | number)[];
  readonly at: Micros;
  readonly correlationId: string;
  readonly causationId?: string | null;
}

/** Meta with the deterministic event id hash(type, natural key). */
export function metaOf(type: keyof EventTypes, input: MetaInput): Meta {
  return {
    eventId: hashId(type, ...input.natural),
    occurredAt: input.at,
    correlationId: input.correlationId,
    causationId: input.causationId ?? null,
  };
}
