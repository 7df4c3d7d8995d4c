/** A complete file as a place lists it. */
export interface FoundObject {
  /** A path, or s3://bucket/key. */
  readonly location: string;
  /** Name without its folder. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Version of the content: changes whenever the file is replaced or written to. */
  readonly etag: string;
}

export type Shelf = 'done' | 'refused';

/** A file that is put beside a processed one: `<name><suffix>`. */
export interface Companion {
  readonly suffix: string;
  /** Its text, or the local file that holds it. */
  readonly content: string | { readonly path: string };
}

export interface Settlement {
  readonly location: string;
  readonly etag: string | null;
  readonly shelf: Shelf;
  /** Makes the name unique when the shelf already has this one. */
  readonly mark: string;
  readonly companions: readonly Companion[];
}

/**
 * Where source files lie: a folder or a bucket. Lists only files that are complete; never follows a link out of the
 * place; opens exactly the version that was listed, or throws ObjectChanged or ObjectGone.
 */
export interface ObjectPlace {
  /** Name of the source it belongs to. */
  readonly source: string;
  owns(location: string): boolean;
  list(): Promise<readonly FoundObject[]>;
  /** The version of a file now; null when it is gone. */
  stat(location: string): Promise<FoundObject | null>;
  /** Its bytes as stored, from an offset. */
  open(location: string, options: { readonly etag: string | null; readonly from?: number }): AsyncIterable<Buffer>;
  /** Text of `<file>.options.json`; null when there is none. */
  optionsOf(location: string): Promise<string | null>;
  /** Moves a finished file to its shelf with what belongs beside it. Repeatable; nothing happens when it is gone. */
  settle(settlement: Settlement): Promise<void>;
}

export const optionsSuffix = '.options.json';

/** Names that are never source files: hidden, unfinished, ours. */
export const isSourceName = (name: string): boolean =>
  name !== '' && !name.startsWith('.') && !/\.(?:tmp|part|partial|crdownload)$/i.test(name) && !name.endsWith(optionsSuffix);

/** A path that names something else than it seems to: refused before any use. */
export const isSafeName = (name: string): boolean => !name.includes('\0') && !name.split(/[/\\]/).includes('..');

/** `list.csv` with mark `1a2b` -> `list.1a2b.csv`. */
export function markedName(name: string, mark: string): string {
  const dot = name.indexOf('.', 1);
  return dot < 0 ? `${name}.${mark}` : `${name.slice(0, dot)}.${mark}${name.slice(dot)}`;
}
