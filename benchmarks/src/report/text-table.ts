/** A table of Markdown that also reads well in a terminal: columns padded, numbers to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const isNumeric = (column: number): boolean => rows.every((row) => /^([-+]?[\d.,]+( ?\S+)?|-|)$/.test(row[column] ?? ''));
  const cell = (text: string, column: number): string => {
    const width = widths[column] ?? 0;
    return isNumeric(column) ? text.padStart(width) : text.padEnd(width);
  };
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (isNumeric(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Four significant digits at most; what is large keeps its whole digits. */
export function shown(value: number | null | undefined): string {
  if (value === null || value === undefined) return '-';
  if (Number.isInteger(value)) return String(value);
  const digits = Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toFixed(digits).replace(/\.?0+$/, '');
}
