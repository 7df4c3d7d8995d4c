import { controlKey } from '@paceline/contracts';
import type { Controls } from '../controls/index.ts';
import type { ControlChange } from './signals.ts';

interface Posted {
  readonly change: ControlChange;
  /** Monotonic milliseconds of the last writing; null while it was never handed out. */
  sentMs: number | null;
  /** The table showed it since. */
  shown: boolean;
}

const againMs = 5_000;

/**
 * What was said of each control against what the table shows. A change is handed out until the table shows it; what the
 * table showed and shows no more was lifted by somebody else, and that one has the last word.
 */
export class StewardPost {
  readonly #posted = new Map<string, Posted>();

  /** What the table held before this steward said anything. */
  adopt(change: ControlChange): void {
    this.#posted.set(controlKey(change), { change, sentMs: null, shown: true });
  }

  /** Says what shall hold from now on; the same value again changes nothing. */
  say(change: ControlChange): void {
    const key = controlKey(change);
    const known = this.#posted.get(key);
    if (known === undefined ? change.value === null : known.change.value === change.value) return;
    this.#posted.set(key, { change, sentMs: null, shown: false });
  }

  /** Controls that somebody else lifted or changed since the table showed them; they are forgotten here. */
  overruled(controls: Controls): readonly ControlChange[] {
    const found: ControlChange[] = [];
    for (const [key, posted] of this.#posted) {
      const value = controls.valueOf(posted.change);
      if (value === posted.change.value) this.#showed(key, posted);
      else if (posted.shown) {
        this.#posted.delete(key);
        found.push(posted.change);
      }
    }
    return found;
  }

  /** What is to be written now. */
  due(nowMs: number): readonly ControlChange[] {
    const due: ControlChange[] = [];
    for (const posted of this.#posted.values()) {
      if (posted.shown || (posted.sentMs !== null && nowMs - posted.sentMs < againMs)) continue;
      posted.sentMs = nowMs;
      due.push(posted.change);
    }
    return due;
  }

  /** When something may have to be written or looked up again; null while the table shows all that was said. */
  nextAtMs(): number | null {
    let next: number | null = null;
    for (const { shown, sentMs } of this.#posted.values()) {
      if (!shown) next = Math.min(next ?? Infinity, sentMs === null ? 0 : sentMs + againMs);
    }
    return next;
  }

  #showed(key: string, posted: Posted): void {
    posted.shown = true;
    if (posted.change.value === null) this.#posted.delete(key);
  }
}
