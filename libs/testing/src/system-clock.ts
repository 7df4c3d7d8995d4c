/** Wall and monotonic time of this process, as the runtime's clock gives them to services. */
export const systemClock = {
  wallMicros: (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000),
  monotonicMs: (): number => performance.now(),
};
