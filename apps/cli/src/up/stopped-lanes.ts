// A run that ends by itself must not wait for ever for a lane that takes no calls: after a while its rows are ended, and said so.
import { controlIdOf, isStop, parseEntity, type Control, type ControlId } from '@paceline/domain/controls';

/** A person who pauses a lane will resume it; what a breaker parked may never come back. */
const isEnded = ({ entity, origin }: ControlId): boolean => parseEntity(entity).kind === 'lane' && origin !== 'operator';

/** A lane that was just ended is ended again when rows came back to it. */
const againMs = 5_000;

interface Stopped {
  readonly sinceMs: number;
  readonly reason: string;
  endedMs: number | null;
}

export interface LaneToEnd {
  readonly entity: string;
  readonly reason: string;
  /** False when it was ended before and is ended again. */
  readonly first: boolean;
}

/** How long each lane has been stopped, probing included; a lane is free again only when its control is lifted. */
export class StoppedLanes {
  readonly #stopped = new Map<string, Stopped>();

  constructor(private readonly maxStoppedMs: number) {}

  /** The control of this key from now on, null = lifted; `nowMs` is monotonic. */
  observe(key: string, control: Control | null, nowMs: number): void {
    if (!isEnded(controlIdOf(key))) return;
    if (control === null || !isStop(control)) this.#stopped.delete(key);
    else if (!this.#stopped.has(key)) this.#stopped.set(key, { sinceMs: nowMs, reason: control.reason, endedMs: null });
  }

  /** Lanes whose waiting rows are to be ended now. */
  due(nowMs: number): LaneToEnd[] {
    const due: LaneToEnd[] = [];
    for (const [key, stopped] of this.#stopped) {
      if (nowMs - stopped.sinceMs < this.maxStoppedMs) continue;
      if (stopped.endedMs !== null && nowMs - stopped.endedMs < againMs) continue;
      due.push({ entity: controlIdOf(key).entity, reason: stopped.reason, first: stopped.endedMs === null });
      stopped.endedMs = nowMs;
    }
    return due;
  }
}
