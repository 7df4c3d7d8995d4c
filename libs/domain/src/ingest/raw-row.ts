import type { FileRefusalCode, RefusalCode } from '@paceline/contracts';

interface RawRowBase {
  /** Data row number, 1-based, header not counted. */
  readonly row: number;
  /** Line where the row starts, 1-based. */
  readonly line: number;
}

/** One row as a reader found it: fields in column order, an object with names of its own, or a row that cannot be read. */
export type RawRow =
  | (RawRowBase & { readonly kind: 'fields'; readonly fields: readonly string[] })
  | (RawRowBase & { readonly kind: 'object'; readonly value: unknown })
  | (RawRowBase & { readonly kind: 'fault'; readonly fault: RowFault; readonly uploaded: readonly string[] });

/** Why one row is refused. */
export interface RowFault {
  readonly code: RefusalCode;
  readonly column: string | null;
  /** One line for a person; quotes no phone number and no body. */
  readonly reason: string;
}

/** Why a file, or the rest of it, is refused. */
export interface FileFault {
  readonly code: FileRefusalCode;
  readonly reason: string;
  readonly line: number | null;
}
