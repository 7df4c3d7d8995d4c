import type { FileRefusalCode } from '@paceline/contracts';
import type { FileFault } from '@paceline/domain/ingest';

/** A file, or the rest of it, cannot be read as rows: the same bytes would be refused again. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
  readonly fault: FileFault;

  constructor(code: FileRefusalCode, reason: string, line: number | null = null) {
    super(`${code}: ${reason}`);
    this.fault = { code, reason, line };
  }
}

/** The object is another version than expected, or gone: what was read so far may not be what was hashed. */
export class ObjectChanged extends Error {
  override readonly name = 'ObjectChanged';
}

export class ObjectGone extends Error {
  override readonly name = 'ObjectGone';
}
