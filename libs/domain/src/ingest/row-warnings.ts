import type { RowDraft } from './row-draft.ts';

/** What a person should know about columns that are not sent; one line per column and file. */
export function warningsOf(draft: RowDraft, extra: readonly string[]): readonly string[] {
  if (draft.aside.length + draft.ignored.length + extra.length === 0 && draft.own.Fallback === undefined) return [];
  return [
    ...draft.aside.map((name) => `column ${name} is not sent: it serves templates ({{${name}}} in Body)`),
    ...draft.ignored.map((name) => `column ${name} is ignored: status callbacks are set by the account's settings`),
    ...extra.map((name) => `column ${name} is no parameter of the row's API and is not sent: it serves templates`),
    ...(draft.own.Fallback === undefined ? [] : ['column Fallback is kept aside: fallbacks are not carried out']),
  ];
}
