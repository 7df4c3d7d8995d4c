import type { Param } from '@paceline/contracts';
import type { ColumnPlan, ColumnTargets } from './column-plan.ts';
import { comparable, type ColumnTarget, type OwnColumn } from './parameters.ts';
import type { RawRow, RowFault } from './raw-row.ts';
import { mostHeaderCharacters } from './record-bounds.ts';

/** A row sorted into what is sent, what is ours and what is only at hand for templates. Empty cells are absent. */
export interface RowDraft {
  readonly to: string;
  /** Without To, in row order, the source's fillings last. */
  readonly params: readonly Param[];
  readonly own: Readonly<Partial<Record<OwnColumn, string>>>;
  /** Columns (by name) that carried a value and are not sent. */
  readonly aside: readonly string[];
  readonly ignored: readonly string[];
  /** Value of a column by its name, for templates; undefined when the row has no such column. */
  valueOf(name: string): string | undefined;
  /** The row in column order, as uploaded. */
  readonly uploaded: readonly string[];
}

export type Drafted = { readonly draft: RowDraft } | { readonly fault: RowFault; readonly uploaded: readonly string[] };

export interface DraftContext {
  readonly targets: ColumnTargets;
  /** Null for JSON: each row names its own columns. */
  readonly plan: ColumnPlan | null;
  /** Column order of what is reported back. */
  readonly columns: readonly string[];
}

class DraftBuilder {
  to = '';
  readonly params: Param[] = [];
  readonly own: Partial<Record<OwnColumn, string>> = {};
  readonly aside: string[] = [];
  readonly ignored: string[] = [];

  put(target: ColumnTarget, text: string): void {
    const value = target.name === 'Body' ? text : text.trim();
    if (value.trim() === '') return;
    if (target.use === 'aside') this.aside.push(target.name);
    else if (target.use === 'ignored') this.ignored.push(target.name);
    else if (target.use === 'own') this.own[target.name] = value;
    else if (target.name === 'To') this.to = value;
    else this.params.push({ name: target.name, value });
  }

  has(target: ColumnTarget): boolean {
    if (target.use === 'own') return this.own[target.name] !== undefined;
    return target.name === 'To' ? this.to !== '' : this.params.some(({ name }) => name === target.name);
  }

  fill(targets: ColumnTargets): void {
    for (const { target, value } of targets.fillings) if (!this.has(target)) this.put(target, value);
  }
}

/** Turns one raw row into a draft; a row whose shape does not fit is a fault of that row alone. */
export function draftRow(raw: RawRow, context: DraftContext): Drafted {
  if (raw.kind === 'fault') return { fault: raw.fault, uploaded: raw.uploaded };
  return raw.kind === 'fields' ? draftFields(raw.fields, context) : draftObject(raw.value, context);
}

function draftFields(fields: readonly string[], { plan, targets }: DraftContext): Drafted {
  if (plan === null) throw new Error('a row of fields needs a column plan');
  if (fields.length !== plan.header.length) {
    const reason = `${fields.length} fields where the header has ${plan.header.length}: quote fields that hold the separator`;
    return { fault: { code: 'row-shape', column: null, reason }, uploaded: fields };
  }
  const builder = new DraftBuilder();
  for (let index = 0; index < fields.length; index++) {
    const target = plan.targets[index];
    if (target !== undefined) builder.put(target, fields[index] ?? '');
  }
  builder.fill(targets);
  const valueOf = (name: string): string | undefined => fields[plan.indexOf.get(comparable(name)) ?? -1];
  return { draft: draftOf(builder, valueOf, fields) };
}

function draftObject(value: unknown, { targets, columns }: DraftContext): Drafted {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const fault = { code: 'not-an-object', column: null, reason: 'a row must be a JSON object of parameters' } as const;
    return { fault, uploaded: [jsonText(value)] };
  }
  const row = value as Readonly<Record<string, unknown>>;
  const uploaded = columns.map((name) => cellText(row[name]));
  const builder = new DraftBuilder();
  const texts = new Map<string, string>();
  for (const [key, cell] of Object.entries(row)) {
    if (!putCell(key, cell, { builder, texts, target: targets.of(key) })) {
      return { fault: { code: 'row-shape', column: key, reason: 'the row names this parameter twice' }, uploaded };
    }
  }
  builder.fill(targets);
  return { draft: draftOf(builder, (name) => texts.get(comparable(name)), uploaded) };
}

/** The names that JSON rows give their columns, in the order of their first use, as far as they fit into a record. */
export function columnsOf(rows: readonly RawRow[]): readonly string[] {
  const names = new Set<string>();
  for (const raw of rows) {
    const value = raw.kind === 'object' ? raw.value : null;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) for (const name of Object.keys(value)) names.add(name);
  }
  let room = mostHeaderCharacters;
  return [...names].filter(({ length }) => (room -= length) >= 0);
}

interface CellPlace {
  readonly builder: DraftBuilder;
  readonly texts: Map<string, string>;
  readonly target: ColumnTarget;
}

/** False when another key of the row already stands for the same parameter. */
function putCell(key: string, cell: unknown, { builder, texts, target }: CellPlace): boolean {
  if (texts.has(comparable(key)) || (isSingle(target) && builder.has(target))) return false;
  texts.set(comparable(key), cellText(cell));
  for (const text of cellTexts(target, cell)) builder.put(target, text);
  return true;
}

const isSingle = (target: ColumnTarget): boolean => target.use === 'own' || (target.use === 'param' && !target.list);

const draftOf = (builder: DraftBuilder, valueOf: RowDraft['valueOf'], uploaded: readonly string[]): RowDraft => ({
  to: builder.to,
  params: builder.params,
  own: builder.own,
  aside: builder.aside,
  ignored: builder.ignored,
  valueOf,
  uploaded,
});

/** A JSON list is several values of a list parameter, and JSON text for every other. */
const cellTexts = (target: ColumnTarget, cell: unknown): readonly string[] =>
  target.use === 'param' && target.list && Array.isArray(cell) ? cell.map(cellText) : [cellText(cell)];

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'string' ? cell : jsonText(cell);
}

const jsonText = (value: unknown): string => JSON.stringify(value) ?? '';
