import type { Event, TopicName } from '@paceline/contracts';
import { concerns, instant } from '@paceline/domain/reporting';
import type { ChainLink } from '@paceline/domain/resend';

/** One request of a row that was resent, the first one first. */
export interface ChainEntry extends ChainLink {
  readonly outcome: string;
  readonly reason: string;
  readonly code: number | null;
  /** When it ended; null while it is open. */
  readonly endedAt: string | null;
}

interface ChainLog {
  readToEnd(topics: readonly TopicName[], each: (record: { readonly event: Event }) => void): Promise<void>;
}

type End = Omit<ChainEntry, keyof ChainLink>;

const open: End = { outcome: 'open', reason: '', code: null, endedAt: null };

function endOf({ type, data }: Event): End | null {
  const endedAt = instant(data.meta.occurredAt);
  if (type === 'RequestClosed') return { outcome: data.outcome, reason: data.reason, code: data.code, endedAt };
  if (type === 'RowsClosed') return { outcome: data.outcome, reason: data.reason, code: null, endedAt };
  if (type !== 'RequestRefused') return null;
  return { outcome: data.code === 'suppressed-at-admission' ? 'suppressed' : 'refused', reason: data.code, code: null, endedAt };
}

/** What became of each request of a row; empty when it was never resent. */
export async function chainEntries(log: ChainLog, links: readonly ChainLink[]): Promise<ChainEntry[]> {
  if (links.length < 2) return [];
  const ends = new Map<string, End>();
  await log.readToEnd(['paceline.batches', 'paceline.refusals', 'paceline.outcomes'], ({ event }) => {
    const end = endOf(event);
    if (end !== null) for (const link of links) if (concerns(event, link)) ends.set(link.requestId, end);
  });
  return links.map((link) => ({ ...link, ...(ends.get(link.requestId) ?? open) }));
}

/** A line per request of the row, the one that was asked for marked. */
export function chainLines(chain: readonly ChainEntry[], asked: string): string[] {
  return chain.map(({ batchId, row, requestId, outcome, reason, code }, at) => {
    const what = at === 0 ? 'first sent as' : 'resent as';
    const why = `${reason === '' ? '' : `: ${reason}`}${code === null ? '' : ` ${code}`}`;
    return `${requestId === asked ? '> ' : '  '}${what} ${batchId}:${row} (${requestId}): ${outcome}${why}`;
  });
}
