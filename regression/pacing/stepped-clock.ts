// A process whose wall clock a test steps while it runs; its offset is read from a file. The monotonic clock stays true, as
// it does when the clock of a machine is set.
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@paceline/testing';
import type { OwnPlan } from './members.ts';

const libraries = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/faketime/libfaketimeMT.so.1',
];

const faketime = libraries.find((path) => existsSync(path));

export class SteppedClock {
  readonly #folder = mkdtempSync(join(tmpdir(), 'paceline-clock-'));
  readonly #file = join(this.#folder, 'offset');

  constructor() {
    this.setTo(0);
  }

  /** Told by a module inside the process: the clock as JavaScript sees it, on any machine. */
  get byModule(): OwnPlan {
    return { preload: 'regression/pacing/stepped-clock.mjs', env: { CLOCK_FILE: this.#file } };
  }

  /** Told by libfaketime (Debian's package faketime): the clock as every library of the process sees it. Null where it is not installed. */
  get byFaketime(): OwnPlan | null {
    if (faketime === undefined) return null;
    const env = {
      LD_PRELOAD: faketime,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      // The two names that its versions know it by.
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    return { env };
  }

  /** Sets the clock to so many seconds beside the true one; returns what it says from now on or a little later, UTC microseconds. */
  setTo(offsetSeconds: number): number {
    const at = systemClock.wallMicros() + offsetSeconds * 1_000_000;
    this.#write(offsetSeconds);
    return at;
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** As a whole: a file read while it is written would be a clock without offset. */
  #write(offsetSeconds: number): void {
    const next = `${this.#file}.next`;
    writeFileSync(next, `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}s\n`);
    renameSync(next, this.#file);
  }
}
