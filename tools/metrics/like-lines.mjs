// Places that say the same: stretches of six or more lines that are alike but for white space. Blank lines do not count.

const leastLines = 6;

function placesOf({ path, lines }) {
  const numbered = lines.map((line, index) => ({ text: line.trim().replace(/\s+/g, ' '), line: index + 1 }));
  return { path, lines: numbered.filter(({ text }) => text !== '') };
}

/** Every stretch of six lines by its text: `[file, index]` of each place where it begins. */
function stretchesOf(files) {
  const stretches = new Map();
  files.forEach(({ lines }, file) => {
    for (let at = 0; at + leastLines <= lines.length; at += 1) {
      const text = lines
        .slice(at, at + leastLines)
        .map((line) => line.text)
        .join('\n');
      stretches.set(text, [...(stretches.get(text) ?? []), [file, at]]);
    }
  });
  return stretches;
}

/** The pairs of places, each as long as it goes: `{ one, other, length }` with `path:line`. */
export function likePairs(sources) {
  const files = sources.map(placesOf);
  const textAt = (file, at) => files[file].lines[at]?.text;
  const lengthOf = ([file, at], [otherFile, otherAt]) => {
    let length = leastLines;
    while (textAt(file, at + length) !== undefined && textAt(file, at + length) === textAt(otherFile, otherAt + length)) length += 1;
    return length;
  };
  const isBegin = ([file, at], [otherFile, otherAt]) =>
    at === 0 || otherAt === 0 || textAt(file, at - 1) !== textAt(otherFile, otherAt - 1);
  const overlap = ([file, at], [otherFile, otherAt]) => file === otherFile && otherAt - at < leastLines;
  const where = ([file, at]) => `${files[file].path}:${files[file].lines[at].line}`;
  const pairsOf = (one, others) =>
    others
      .filter((other) => !overlap(one, other) && isBegin(one, other))
      .map((other) => ({ one: where(one), other: where(other), length: lengthOf(one, other) }));
  return [...stretchesOf(files).values()].flatMap((places) => places.flatMap((one, index) => pairsOf(one, places.slice(index + 1))));
}
