import { numberedSid, numberOf } from './sids.ts';

export type RecordKind = 'message' | 'call';

/** What a created message or call keeps for GET; the rest of its answer follows from these. */
export interface StoredRecord {
  readonly number: number;
  readonly kind: RecordKind;
  readonly sid: string;
  readonly account: string;
  readonly to: string;
  readonly from: string | null;
  readonly service: string | null;
  readonly segments: string;
  readonly media: number;
  readonly createdMs: number;
  body: string | null;
  status: string;
  updatedMs: number;
  olderToSame: StoredRecord | undefined;
  newerToSame: StoredRecord | undefined;
}

export type NewRecord = Omit<StoredRecord, 'number' | 'sid' | 'updatedMs' | 'olderToSame' | 'newerToSame'> & { readonly prefix: string };

/**
 * The last messages and calls, newest first. Bounded: the oldest record leaves when the store is full.
 * Records to one number are chained, so that a list filtered by To never walks a million records.
 */
export class RecordStore {
  private readonly ring: (StoredRecord | undefined)[] = [];
  private readonly newestTo = new Map<string, StoredRecord>();
  private readonly capacity: number;
  private next = 1;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  add({ prefix, ...fields }: NewRecord): StoredRecord {
    const number = this.next++;
    this.evict(this.ring[number % this.capacity]);
    const olderToSame = this.newestTo.get(fields.to);
    const record: StoredRecord = {
      ...fields,
      number,
      sid: numberedSid(prefix, number),
      updatedMs: fields.createdMs,
      olderToSame,
      newerToSame: undefined,
    };
    if (record.olderToSame !== undefined) record.olderToSame.newerToSame = record;
    this.newestTo.set(fields.to, record);
    this.ring[number % this.capacity] = record;
    return record;
  }

  get(sid: string): StoredRecord | undefined {
    const number = numberOf(sid);
    const record = Number.isNaN(number) ? undefined : this.ring[number % this.capacity];
    return record?.sid === sid ? record : undefined;
  }

  /** The newest record, of one recipient when `to` is given. */
  newest(to?: string): StoredRecord | undefined {
    return to === undefined ? this.ring[(this.next - 1) % this.capacity] : this.newestTo.get(to);
  }

  /** The record before this one in the same order as `newest`. */
  older(record: StoredRecord, to?: string): StoredRecord | undefined {
    if (to !== undefined) return record.olderToSame;
    const number = record.number - 1;
    const older = this.ring[number % this.capacity];
    return older?.number === number ? older : undefined;
  }

  private evict(record: StoredRecord | undefined): void {
    if (record === undefined) return;
    if (record.newerToSame === undefined) this.newestTo.delete(record.to);
    else record.newerToSame.olderToSame = undefined;
    record.newerToSame = undefined;
  }
}
