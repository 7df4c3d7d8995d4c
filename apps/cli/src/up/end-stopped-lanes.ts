import type { Follower } from '@paceline/adapter-kafka';
import { controlOf } from '@paceline/domain/controls';
import { setControls } from '../control-writing.ts';
import { findContactKey } from '../contact-key.ts';
import { laneNames } from '../lane-names.ts';
import { durationText } from '../status-view.ts';
import { StoppedLanes, type LaneToEnd } from './stopped-lanes.ts';
import type { UpContext } from './up-context.ts';

export interface LaneWatch {
  /** Ends what is due; called once a second while rows are awaited. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Watches the controls of a run with --once. Only such a run ends rows: everywhere else a person decides. */
export async function watchLanes(context: UpContext): Promise<LaneWatch> {
  const { access, settings, options } = context;
  if (!options.once) return { look: () => Promise.resolve(), stop: () => Promise.resolve() };
  const lanes = new StoppedLanes(settings.lane.maxStoppedMs);
  const log = await access.log();
  const follower: Follower = await log.follow(['paceline.controls'], ({ key, event }) => {
    if (event.type === 'ControlSet' && key !== null) lanes.observe(key, controlOf(event.data), performance.now());
  });
  return { look: () => endLanes(context, lanes.due(performance.now())), stop: () => follower.stop() };
}

async function endLanes({ access, settings, print }: UpContext, due: readonly LaneToEnd[]): Promise<void> {
  if (due.length === 0) return;
  const names = laneNames(settings, findContactKey(access.dataDir));
  const stoppedFor = durationText(Math.round(settings.lane.maxStoppedMs / 1_000));
  const at = Date.now() * 1_000;
  await setControls(
    access,
    due.map(({ entity, reason }) => ({
      entity,
      aspect: 'cancelled',
      value: at,
      reason: `stopped for ${stoppedFor}: ${reason}`,
      by: 'paceline up',
    })),
  );
  for (const { entity, reason, first } of due) {
    const lane = entity.slice(entity.indexOf('/') + 1).replace(/^lane:/, '');
    if (first)
      print(
        `lane ${names.get(lane) ?? lane} stayed stopped for ${stoppedFor} (${reason}): its waiting rows end as cancelled: lane-stopped`,
      );
  }
}
