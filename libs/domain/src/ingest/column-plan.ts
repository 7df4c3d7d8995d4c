import type { FileFault } from './raw-row.ts';
import { charactersOf, mostHeaderCharacters } from './record-bounds.ts';
import { comparable, targetOf, type ColumnTarget } from './parameters.ts';

/** A source's own names and fillings: `columns: {To: phone}`, `defaults: {MessagingServiceSid: MG...}`. */
export interface ColumnRules {
  /** Twilio's or our name -> the file's header. */
  readonly columns: Readonly<Record<string, string>>;
  /** Twilio's or our name -> value of rows that have none. */
  readonly defaults: Readonly<Record<string, string>>;
}

export interface ColumnFilling {
  readonly target: ColumnTarget;
  readonly value: string;
}

/** Finds the target of any header, under a source's rules; the same for CSV columns and JSON keys. */
export class ColumnTargets {
  readonly fillings: readonly ColumnFilling[];
  readonly #mapped = new Map<string, ColumnTarget>();
  readonly #mappedNames = new Set<string>();
  readonly #known = new Map<string, ColumnTarget>();

  constructor(rules: ColumnRules) {
    for (const [name, header] of Object.entries(rules.columns)) {
      const target = targetOf(name);
      this.#mapped.set(comparable(header), target);
      this.#mappedNames.add(target.name);
    }
    this.fillings = Object.entries(rules.defaults).map(([name, value]) => ({ target: targetOf(name), value }));
  }

  of(header: string): ColumnTarget {
    let target = this.#known.get(header);
    if (target === undefined) this.#known.set(header, (target = this.#find(header)));
    return target;
  }

  /** Whether rows may lack this parameter because the source fills it. */
  fills(name: string): boolean {
    return this.fillings.some(({ target }) => target.name === name);
  }

  /** A name the source maps from another header is taken: the header of that name is then a plain column. */
  #find(header: string): ColumnTarget {
    const mapped = this.#mapped.get(comparable(header));
    if (mapped !== undefined) return mapped;
    const target = targetOf(header);
    const taken = this.#mappedNames.has(target.name) && target.use !== 'aside';
    return taken ? { use: 'aside', name: header.trim() } : target;
  }
}

export interface ColumnPlan {
  readonly header: readonly string[];
  readonly targets: readonly ColumnTarget[];
  /** Comparable header -> index, for templates. */
  readonly indexOf: ReadonlyMap<string, number>;
}

/** Plans a CSV header. A file without a column for To, or with one parameter in two columns, is refused as a whole. */
export function planColumns(header: readonly string[], targets: ColumnTargets, maxColumns: number): ColumnPlan | FileFault {
  if (header.length > maxColumns) {
    return { code: 'too-many-columns', reason: `${header.length} columns; the limit is ${maxColumns}`, line: 1 };
  }
  const characters = charactersOf(header);
  if (characters > mostHeaderCharacters) {
    const reason = `column names of ${characters} characters in all; the limit is ${mostHeaderCharacters}`;
    return { code: 'too-many-columns', reason, line: 1 };
  }
  const planned = header.map((name) => targets.of(name));
  const twice = firstTwice(planned);
  if (twice !== null) {
    return {
      code: 'duplicate-column',
      reason: `two columns stand for ${twice}: keep one, or map the other in the source's columns`,
      line: 1,
    };
  }
  if (!planned.some(isTo) && !targets.fills('To')) {
    return {
      code: 'no-to-column',
      reason: `no column stands for To; the first line must hold column names (found ${header.length})`,
      line: 1,
    };
  }
  const indexOf = new Map(header.map((name, index) => [comparable(name), index]));
  return { header, targets: planned, indexOf };
}

const isTo = (target: ColumnTarget): boolean => target.use === 'param' && target.name === 'To';

function firstTwice(targets: readonly ColumnTarget[]): string | null {
  const seen = new Set<string>();
  for (const target of targets) {
    if (target.use === 'ignored' || target.use === 'aside' || (target.use === 'param' && target.list)) continue;
    if (seen.has(target.name)) return target.name;
    seen.add(target.name);
  }
  return null;
}
