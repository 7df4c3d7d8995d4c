/** Bounds of what is taken in; reaching one is a clear refusal of the row or the file, nothing half-done. */
export interface IngestLimits {
  /** Bytes of a file after decompression. */
  readonly maxFileBytes: number;
  readonly maxRows: number;
  readonly maxColumns: number;
  /** Characters of one field. */
  readonly maxFieldLength: number;
  /** Nesting of one JSON row. */
  readonly maxJsonDepth: number;
  /** Bytes out per byte in of a gzip file. */
  readonly maxGzipRatio: number;
}
