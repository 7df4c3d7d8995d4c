function distance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...right].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}

/** The known name that was probably meant, for "did you mean"; undefined when none is near. */
export function closestName(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  const ranked = known.map((candidate) => ({ candidate, by: distance(lower, candidate.toLowerCase()) })).sort((a, b) => a.by - b.by);
  const best = ranked[0];
  return best !== undefined && best.by <= Math.max(1, Math.floor(name.length / 3)) ? best.candidate : undefined;
}
