import type { ControlSet } from '@paceline/contracts';

/** Aspects that keep rows from being called until somebody lifts them. */
const stops = ['paused', 'parked', 'breaker'] as const;

/** Newest record per key of the controls. */
export type ControlTable = ReadonlyMap<string, ControlSet>;

interface LogOfControls {
  readToEnd(
    topics: readonly ['paceline.controls'],
    each: (record: { key: string | null; event: { type: string; data: unknown } }) => void,
  ): Promise<void>;
}

export async function readControls(log: LogOfControls): Promise<ControlTable> {
  const table = new Map<string, ControlSet>();
  await log.readToEnd(['paceline.controls'], ({ key, event }) => {
    if (event.type === 'ControlSet' && key !== null) table.set(key, event.data as ControlSet);
  });
  return table;
}

const isOn = ({ value }: ControlSet): boolean =>
  value !== null && !['null', 'false', '"closed"'].includes(value) && stateOf(value) !== 'closed';

/** The state that a breaker's value names; the value itself when it names none. */
function stateOf(value: string): string {
  try {
    const parsed = JSON.parse(value) as { state?: unknown } | null;
    return typeof parsed?.state === 'string' ? parsed.state : 'open';
  } catch {
    return value;
  }
}

/** A lane is held by what is said of it in every account, and in one. */
const isSame = (entity: string, asked: string): boolean =>
  entity === asked || (asked.startsWith('lane:') && entity.startsWith('lane:') && entity.endsWith(`/${asked.slice('lane:'.length)}`));

/** What holds an entity now, by any origin. */
export const holding = (table: ControlTable, entity: string): ControlSet[] =>
  [...table.values()].filter(
    (control) => isSame(control.entity, entity) && stops.some((aspect) => aspect === control.aspect) && isOn(control),
  );

/** `paused by alice: wrong text`; `breaker open: 20003 ...`. */
export function holdText({ aspect, origin, value, by, reason }: ControlSet): string {
  const why = reason === '' ? '' : `: ${reason}`;
  if (aspect === 'breaker') return `breaker ${stateOf(value ?? '')}${why}`;
  return `${aspect} by ${origin === 'operator' ? by : `the ${origin === 'breaker' ? 'breaker' : 'pacer'}`}${why}`;
}
