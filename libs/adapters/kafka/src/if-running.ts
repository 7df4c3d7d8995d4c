/**
 * Pauses, resumes or moves a consumer. Between a crash of the client and its restart it has no partitions and says so by
 * throwing; then there is nothing to do, as the join that follows begins with every partition anew.
 */
export function ifRunning(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('consumer#run must be called first'))) throw error;
  }
}
