import { randomBytes } from 'node:crypto';

/** A new SID: two letters and 32 hex digits. */
export const newSid = (prefix: string): string => prefix + randomBytes(16).toString('hex');

/** A SID whose last 8 digits are the record's number, so that a million records need no index by SID. */
export const numberedSid = (prefix: string, number: number): string =>
  prefix + randomBytes(12).toString('hex') + (number >>> 0).toString(16).padStart(8, '0');

/** The number inside a numbered SID; NaN for anything else. */
export const numberOf = (sid: string): number => (sid.length === 34 ? Number.parseInt(sid.slice(26), 16) : Number.NaN);
