export { ArchiveBuffer, type CommittedMark, type Held, type SealedBlock } from './archive-buffer.ts';
export { isTombstone, rowsOf, rowsOfRaw } from './archive.ts';
export { BlocksUnavailable, type Block, type BlockSpan, type EventBlocks } from './blocks.ts';
export { maskAddress, maskName, maskText } from './masks.ts';
export type { ArchivedRecord, ArchivedRows, EventColumns, EventRow, PersonalPart, PersonalRow, RawBytes, RawRecord } from './rows.ts';
