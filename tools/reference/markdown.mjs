// The pieces of a page.

const note = (source) => `<!-- Generated from ${source} by tools/generate-reference.mjs; do not edit. -->`;
export const page = (title, source, ...blocks) => `# ${title}\n\n${note(source)}\n\n${blocks.join('\n\n')}\n`;
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
export const code = (text) => (text === '' || text === undefined ? '' : `\`${text}\``);
export const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export function table(head, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
