import type { TopicName } from '@paceline/contracts';
import type { EventRow, PersonalRow } from './rows.ts';

/** Rows that are inserted together, or not at all. */
export interface Block {
  readonly events: readonly EventRow[];
  readonly personal: readonly PersonalRow[];
}

/**
 * Where blocks go. Sending the same block with the same token again, after any failure, must change nothing; sending
 * other rows with a used token loses them silently, so the caller may never do that.
 */
export interface EventBlocks {
  /**
   * Resolves when the block is stored. Rejects with BlocksUnavailable when waiting helps, and with another error when
   * a person must act (rights, schema, data); both leave it open whether the block is stored.
   */
  insertBlock(block: Block, token: string, signal?: AbortSignal): Promise<void>;
}

/** The store cannot take blocks now: wait and send the same block again. */
export class BlocksUnavailable extends Error {
  override readonly name = 'BlocksUnavailable';
}

/** Offsets from (committed position) to last (the last record's), both included, of one topic. */
export interface BlockSpan {
  readonly topic: TopicName;
  readonly from: number;
  readonly last: number;
}

/**
 * What makes a block the same block: its partition and the offsets it holds of each topic. A block spans the topics of
 * one partition, because one insert a second costs the engine a tenth of ten.
 */
export const tokenOf = (partition: number, spans: readonly BlockSpan[]): string =>
  `${partition}|${spans
    .map(({ topic, from, last }) => `${topic}:${from}-${last}`)
    .sort()
    .join('|')}`;

const markPattern = /^last=(\d+)$/;

/** Metadata of an offset committed before its block is inserted. */
export const sealMark = (last: number): string => `last=${last}`;

/** The last offset of the block that was announced at this position; null when none was, an error for anything else. */
export function sealedLast(metadata: string | undefined): number | null {
  if (metadata === undefined || metadata === '') return null;
  const last = markPattern.exec(metadata)?.[1];
  if (last === undefined) throw new Error(`archiver: offset metadata ${JSON.stringify(metadata)} is not of the form last=N`);
  return Number(last);
}
