// What users write may be as long as they like; what becomes of it in the log may not. A broker takes a megabyte in one
// record and refuses more each time it is tried, so one such row would hold its partition for ever. A character takes up
// to three bytes in the log, and up to six as JSON in a service's state.

/** Characters of a call in all: recipient, parameters with their names, ExternalId. */
export const mostCallCharacters = 65_536;

/** Characters of all column names of a file together. */
export const mostHeaderCharacters = 32_768;

const mostUploadedCharacters = 65_536;
const mostCells = 2_000;
const mostTextCharacters = 300;

const cutTo = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most)}...`);

/** A sentence that may quote a name of the user's. */
export const shortText = (text: string): string => cutTo(text, mostTextCharacters);

export const charactersOf = (texts: readonly string[]): number => texts.reduce((sum, { length }) => sum + length, 0);

/** Cells of a refused row for the log, each cut to its share when they are too long in all; the report has them whole. */
export function shortCells(cells: readonly string[]): readonly string[] {
  if (charactersOf(cells) <= mostUploadedCharacters) return cells;
  const kept = cells.slice(0, mostCells);
  return kept.map((cell) => cutTo(cell, Math.floor(mostUploadedCharacters / kept.length)));
}
