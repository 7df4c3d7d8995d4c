// A process whose wall clock a test steps while it runs: libfaketime reads its offset from a file at every look. The
// monotonic clock stays true, as it does when the clock of a machine is set.
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@paceline/testing';

const libraries = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/faketime/libfaketimeMT.so.1',
];

/** Null where it is not installed. */
export const faketimeLibrary = libraries.find((path) => existsSync(path)) ?? null;

/** One time at which the clock was set: from this instant of the true clock on, or a little later, it is so far off. */
export interface ClockStep {
  /** UTC microseconds, the true clock. */
  readonly at: number;
  readonly offsetMicros: number;
}

export class SteppedClock {
  readonly #folder = mkdtempSync(join(tmpdir(), 'paceline-clock-'));
  readonly #file = join(this.#folder, 'offset');

  constructor(private readonly library: string) {
    this.#write(0);
  }

  /** What the process must be started with. */
  get env(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: this.library,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      // The two names that its versions know it by.
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** Sets the clock to so many seconds beside the true one. */
  setTo(offsetSeconds: number): ClockStep {
    const at = systemClock.wallMicros();
    this.#write(offsetSeconds);
    return { at, offsetMicros: offsetSeconds * 1_000_000 };
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
