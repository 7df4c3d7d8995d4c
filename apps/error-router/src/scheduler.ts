/** Repeats work; a port, so that specs drive time by hand. */
export interface Scheduler {
  /** Runs `work` every `ms` until the returned function is called. */
  every(ms: number, work: () => void): () => void;
}

/** Never keeps the process alive by itself. */
export const intervalScheduler: Scheduler = {
  every(ms, work) {
    const timer = setInterval(work, ms).unref();
    return () => clearInterval(timer);
  },
};
