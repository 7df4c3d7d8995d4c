import { isMap, isScalar, type Document, type LineCounter, type Node } from 'yaml';

export type Path = readonly (string | number)[];

/** `accounts[0].callsPerSecond`. */
export const settingAt = (path: Path): string =>
  path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '');

function keyStart(parent: unknown, key: string | number | undefined): number | undefined {
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

const nodeAt = (document: Document, path: Path): Node | null | undefined =>
  path.length === 0 ? document.contents : (document.getIn(path, true) as Node | null | undefined);

/** Where the last part of a path is written: its key, else its value. */
const startOf = (document: Document, path: Path): number | undefined =>
  keyStart(nodeAt(document, path.slice(0, -1)), path.at(-1)) ?? nodeAt(document, path)?.range?.[0];

/** The line of a setting, or of the nearest part of it that is written down. */
export function lineOf(document: Document, lines: LineCounter, path: Path): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const start = startOf(document, path.slice(0, length));
    if (start !== undefined) return lines.linePos(start).line;
  }
  return undefined;
}
