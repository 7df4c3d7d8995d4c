import type { EventTypes, Micros } from '@paceline/contracts';
import { counted, notBefore, sumOf, type SlotCounts } from './slot-counts.ts';

/** The dead letters of one partition in the last hour; JSON as it stands. */
export interface LetterWatch {
  readonly letters: SlotCounts;
  /** Of the last one. */
  readonly service: string;
  readonly sourceTopic: string;
}

export const noLetters: LetterWatch = { letters: [], service: '', sourceTopic: '' };

const minute = 60_000_000;
const hour = 60 * minute;

export const letterHeard = (watch: LetterWatch, { meta, service, sourceTopic }: EventTypes['DeadLettered']): LetterWatch => ({
  letters: counted(watch.letters, meta.occurredAt, { count: 1, slotMicros: minute }),
  service,
  sourceTopic,
});

export function letterPruned(watch: LetterWatch, now: Micros): LetterWatch {
  const letters = notBefore(watch.letters, now - hour);
  return letters === watch.letters ? watch : { ...watch, letters };
}

export const recentLetters = ({ letters }: LetterWatch, now: Micros): number => sumOf(notBefore(letters, now - hour));
