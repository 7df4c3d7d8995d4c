// Loaded before a service (`--import`): its wall clock is as many seconds off as the file CLOCK_FILE says at the moment.
import { readFileSync } from 'node:fs';

const file = process.env.CLOCK_FILE ?? '';
/** A look at the file is dearer than one at the clock: so often at most, ms. */
const lookEveryMs = 5;

const trueNow = Date.now;
let offsetMs = 0;
let lookedAt = Number.NEGATIVE_INFINITY;

Date.now = () => {
  if (performance.now() - lookedAt >= lookEveryMs) {
    lookedAt = performance.now();
    offsetMs = Number.parseInt(readFileSync(file, 'utf8'), 10) * 1_000;
  }
  return trueNow() + offsetMs;
};
