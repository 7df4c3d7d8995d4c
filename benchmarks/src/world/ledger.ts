// The simulator's ledger and its control API, over HTTP.
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Arrival } from '../judge/evidence.ts';

interface ArrivalLine {
  readonly seq: number;
  readonly arrivedAtUs: number;
  readonly account: string | null;
  readonly callbackUrl: string | null;
}

interface EndLine {
  readonly seq: number;
  readonly status: number | null;
  readonly endedAtUs: number;
}

interface Summary {
  readonly requests: number;
  readonly inFlight: number;
}

type Open = { -readonly [K in keyof Arrival]: Arrival[K] };

/** The attempt travels in the query of the StatusCallback; peers have none. */
const attemptOf = (callbackUrl: string | null): string | null => (callbackUrl === null ? null : new URL(callbackUrl).searchParams.get('a'));

export class Ledger {
  constructor(readonly url: string) {}

  async summary(): Promise<Summary> {
    return (await (await fetch(`${this.url}/_sim/summary`)).json()) as Summary;
  }

  /** Changes settings of the simulator; throws when it refuses. */
  async configure(change: object): Promise<void> {
    const response = await fetch(`${this.url}/_sim/config`, { method: 'POST', body: JSON.stringify(change) });
    if (!response.ok) throw new Error(`the simulator refuses ${JSON.stringify(change)}: ${await response.text()}`);
  }

  /** Arrivals after a position, by account sid, in the order of time. */
  async arrivalsSince(seq: number): Promise<Map<string, Arrival[]>> {
    const response = await fetch(`${this.url}/ledger?since=${seq}`);
    if (!response.ok || response.body === null) throw new Error(`the ledger cannot be read: HTTP ${response.status}`);
    const bySid = new Map<string, Arrival[]>();
    const open = new Map<number, Open>();
    for await (const text of createInterface({ input: Readable.fromWeb(response.body) })) {
      if (text === '') continue;
      const line = JSON.parse(text) as ArrivalLine | EndLine;
      if ('arrivedAtUs' in line) open.set(line.seq, opened(line, bySid));
      else close(open, line);
    }
    return bySid;
  }
}

function opened({ account, arrivedAtUs, callbackUrl }: ArrivalLine, bySid: Map<string, Arrival[]>): Open {
  const arrival: Open = { at: arrivedAtUs, attemptId: attemptOf(callbackUrl), status: null, endedAt: null };
  const of = bySid.get(account ?? '') ?? [];
  of.push(arrival);
  bySid.set(account ?? '', of);
  return arrival;
}

function close(open: Map<number, Open>, { seq, status, endedAtUs }: EndLine): void {
  const arrival = open.get(seq);
  if (arrival === undefined) return;
  arrival.status = status;
  arrival.endedAt = endedAtUs;
  open.delete(seq);
}
