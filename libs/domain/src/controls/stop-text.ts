import type { Control } from './control.ts';

/** For a person: `paused by alice: wrong text`; `breaker half-open: 20003 ...`; `parked by the breaker: 21611 ...`. */
export function stopText({ aspect, origin, value, by, reason }: Control): string {
  const why = reason === '' ? '' : `: ${reason}`;
  if (aspect === 'breaker') return `breaker ${value === 'half-open' ? 'half-open' : 'open'}${why}`;
  const who = { operator: by, breaker: 'the breaker', adaptive: 'the pacer' }[origin];
  return `${aspect} by ${who}${why}`;
}
