/** What tells one state of a file from the next. */
export interface FileStamp {
  readonly etag: string;
  /** Wall time of its last change, milliseconds. */
  readonly mtimeMs: number;
}

/**
 * Decides when a file is complete: it was renamed into place after its last write, or its size and time stood still
 * for `stableMs`. A clock that differs from the file system's only makes it wait for the second.
 */
export class StableFiles {
  readonly #seen = new Map<string, { etag: string; sinceMs: number }>();

  constructor(private readonly stableMs: number) {}

  isStable(name: string, stamp: FileStamp, now: { readonly wallMs: number; readonly monotonicMs: number }): boolean {
    const before = this.#seen.get(name);
    if (before?.etag !== stamp.etag) this.#seen.set(name, { etag: stamp.etag, sinceMs: now.monotonicMs });
    const stoodMs = before?.etag === stamp.etag ? now.monotonicMs - before.sinceMs : 0;
    return Math.max(stoodMs, now.wallMs - stamp.mtimeMs) >= this.stableMs;
  }

  /** Forgets files that are no longer there. */
  keep(names: ReadonlySet<string>): void {
    for (const name of this.#seen.keys()) if (!names.has(name)) this.#seen.delete(name);
  }
}
