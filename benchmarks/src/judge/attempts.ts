// A case that other load disturbed is repeated; all attempts are published, one is judged, and what must always hold must hold in all.
import { unjudged, type Figure } from './figure.ts';

/** Processor time of everything that is not part of the run, percent of one core, above which a case is repeated. */
export const disturbedAbove = 35;
export const mostAttempts = 3;

export interface JudgedAttempt {
  readonly otherCpu: number;
  readonly figures: readonly Figure[];
}

export const isDisturbed = ({ otherCpu }: Pick<JudgedAttempt, 'otherCpu'>): boolean => otherCpu >= disturbedAbove;

const missed = (figures: readonly Figure[], metric: string): Figure | undefined =>
  figures.find((one) => one.metric === metric && one.always && one.pass === false);

/** A miss of what must always hold is carried into the judged attempt, with the value that missed. */
function withMisses(figures: readonly Figure[], others: readonly JudgedAttempt[]): Figure[] {
  return figures.map((one) => {
    if (!one.always || one.pass !== true) return one;
    return others.map(({ figures: other }) => missed(other, one.metric)).find((miss) => miss !== undefined) ?? one;
  });
}

/** Never undisturbed means not met, whatever the value. */
const underLoad = (one: Figure): Figure =>
  one.quietOnly && one.pass === true ? { ...one, pass: false, bar: `${one.bar} while other load < ${disturbedAbove} %` } : one;

/** The attempts in their order; the least disturbed one keeps its bars. */
export function judged<A extends JudgedAttempt>(attempts: readonly A[]): A[] {
  const quietest = attempts.reduce<A | undefined>(
    (best, one) => (best === undefined || one.otherCpu < best.otherCpu ? one : best),
    undefined,
  );
  return attempts.map((attempt) => {
    if (attempt !== quietest) return { ...attempt, figures: attempt.figures.map(unjudged) };
    const others = attempts.filter((other) => other !== attempt);
    const figures = withMisses(attempt.figures, others);
    return { ...attempt, figures: isDisturbed(attempt) ? figures.map(underLoad) : figures };
  });
}
