/** Waits until the condition holds, asking again and again; rejects with what it still was when the bound is reached. */
export async function eventually(describe: string, holds: () => boolean | Promise<boolean>, boundMs = 60_000): Promise<void> {
  const until = performance.now() + boundMs;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`did not come true within ${boundMs} ms: ${describe}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
