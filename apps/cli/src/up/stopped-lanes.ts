// A run that ends by itself must not wait for ever for a lane that takes no calls: after a while its rows are ended, and said so.
import type { ControlSet } from '@paceline/contracts';

/** A person who pauses a lane will resume it; what a breaker parked may never come back. */
const isStop = ({ entity, aspect, origin }: ControlSet): boolean =>
  entity.startsWith('lane:') && origin !== 'operator' && (aspect === 'parked' || aspect === 'paused');

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

  /** `nowMs` is monotonic. */
  heed(control: ControlSet, nowMs: number): void {
    if (!isStop(control)) return;
    const key = `${control.entity}/${control.aspect}/${control.origin}`;
    if (control.value === null || control.value === 'false') this.#stopped.delete(key);
    else if (!this.#stopped.has(key)) this.#stopped.set(key, { sinceMs: nowMs, reason: control.reason, endedMs: null });
  }

  /** Lanes whose waiting rows are to be ended now. */
  due(nowMs: number): LaneToEnd[] {
    const due: LaneToEnd[] = [];
    for (const [key, stopped] of this.#stopped) {
      if (nowMs - stopped.sinceMs < this.maxStoppedMs) continue;
      if (stopped.endedMs !== null && nowMs - stopped.endedMs < againMs) continue;
      due.push({ entity: key.split('/').slice(0, -2).join('/'), reason: stopped.reason, first: stopped.endedMs === null });
      stopped.endedMs = nowMs;
    }
    return due;
  }
}
