// Prometheus text of a service, as far as a sum by one label needs it.

/** Sum of a metric's samples whose `account` label is the given one, over several text pages. */
export function sumOf(pages: readonly string[], metric: string, account: string): number {
  let sum = 0;
  for (const line of pages.flatMap((page) => page.split('\n'))) {
    if (!line.startsWith(`${metric}{`) || !line.includes(`account="${account}"`)) continue;
    sum += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}

/** The page of one service; empty while it does not answer. */
export async function metricsPage(port: number): Promise<string> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? await response.text() : '';
  } catch {
    return '';
  }
}
