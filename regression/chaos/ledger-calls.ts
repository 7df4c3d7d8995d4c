// The simulator's own account of what it received, line by line; nothing of ours has touched it.

export interface LedgerCall {
  readonly to: string;
  /** `requestId#attempt`, out of the address that the call gives for callbacks. */
  readonly attemptId: string;
  /** UTC microseconds. */
  readonly at: number;
  /** HTTP status put on the wire; null = none. */
  readonly status: number | null;
  /** Whether a resource was created, whoever saw the answer. */
  readonly accepted: boolean;
}

interface Line {
  readonly seq: number;
  readonly arrivedAtUs?: number;
  readonly params?: Readonly<Record<string, string | readonly string[]>>;
  readonly callbackUrl?: string | null;
  readonly status?: number | null;
  readonly sid?: string | null;
}

export async function ledgerCalls(simulatorUrl: string): Promise<readonly LedgerCall[]> {
  const answer = await fetch(`${simulatorUrl}/ledger`);
  const texts = (await answer.text()).split('\n').filter((text) => text !== '');
  return callsOf(texts.map((text) => JSON.parse(text) as Line));
}

/** Arrivals joined with their ends, in the ledger's order. */
export function callsOf(lines: readonly Line[]): readonly LedgerCall[] {
  const ends = new Map(lines.filter(({ arrivedAtUs }) => arrivedAtUs === undefined).map((line) => [line.seq, line]));
  return lines.flatMap((line) => {
    if (line.arrivedAtUs === undefined) return [];
    const { status = null, sid = null } = ends.get(line.seq) ?? {};
    return [{ to: String(line.params?.['To'] ?? ''), attemptId: tokenOf(line), at: line.arrivedAtUs, status, accepted: sid !== null }];
  });
}

const tokenOf = ({ callbackUrl }: Line): string => new URL(callbackUrl ?? 'http://none').searchParams.get('a') ?? '';
