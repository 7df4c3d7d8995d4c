/** Waits; a port, so that specs drive time by hand. */
export interface Scheduler {
  /** Runs `work` once after `ms` unless the returned function is called before. */
  after(ms: number, work: () => void): () => void;
}

export const timerScheduler: Scheduler = {
  after(ms, work) {
    const timer = setTimeout(work, Math.max(0, Math.ceil(ms)));
    return () => clearTimeout(timer);
  },
};
