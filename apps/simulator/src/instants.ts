import { performance } from 'node:perf_hooks';

/** Wall-clock microseconds, anchored once per process on the monotonic clock: a clock step never reorders the ledger. */
export function createStamp(): () => number {
  let last = 0;
  return () => {
    const now = Math.round((performance.timeOrigin + performance.now()) * 1000);
    last = now > last ? now : last;
    return last;
  };
}

let rfcSecond = -1;
let rfcText = '';

/** RFC 2822 in UTC, to the second (`Thu, 24 Aug 2023 05:01:45 +0000`), as the 2010-04-01 API writes dates. */
export function rfc2822(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== rfcSecond) {
    rfcSecond = second;
    rfcText = new Date(second * 1000).toUTCString().replace('GMT', '+0000');
  }
  return rfcText;
}

/** ISO 8601 to the second, as the v2 APIs write dates. */
export const iso8601 = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
