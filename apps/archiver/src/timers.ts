/** Waiting as the task sees it, so that specs decide when time passes. */
export interface Timers {
  /** Runs `action` once, later; the returned function takes it back. */
  after(milliseconds: number, action: () => void): () => void;
  /** Resolves after the time, or at once when the signal is aborted. Never rejects. */
  wait(milliseconds: number, until: AbortSignal): Promise<void>;
}

export const systemTimers: Timers = {
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
  wait(milliseconds, until) {
    return new Promise((resolve) => {
      if (until.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        until.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      until.addEventListener('abort', done);
    });
  },
};
