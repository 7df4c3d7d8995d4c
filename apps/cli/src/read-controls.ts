import type { ControlSet } from '@paceline/contracts';
import { ControlIndex } from '@paceline/domain/controls';

interface LogOfControls {
  readToEnd(
    topics: readonly ['paceline.controls'],
    each: (record: { key: string | null; event: { type: string; data: unknown } }) => void,
  ): Promise<void>;
}

/** The controls in force, read to the end of the log. */
export async function readControls(log: LogOfControls): Promise<ControlIndex> {
  const controls = new ControlIndex();
  await log.readToEnd(['paceline.controls'], ({ key, event }) => {
    if (event.type === 'ControlSet' && key !== null) controls.apply(key, event.data as ControlSet);
  });
  return controls;
}
