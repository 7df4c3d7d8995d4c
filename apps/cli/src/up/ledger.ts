import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { ledgerPartOf, type LedgerEntry, type LedgerPart } from '@paceline/domain/reporting';

/** Reads the simulator's ledger since this run began; null when there is no simulator of ours. */
export async function readLedger(url: string | null, about: { since: number; limit: number | null }): Promise<LedgerPart | null> {
  if (url === null) return null;
  const response = await fetch(`${url}/ledger?since=${about.since}`);
  if (!response.ok || response.body === null) return null;
  const entries: LedgerEntry[] = [];
  for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
    if (line !== '') entries.push(slim(JSON.parse(line) as LedgerEntry));
  }
  return ledgerPartOf(entries, { url: `${url}/ledger`, limit: about.limit });
}

/** A ledger line holds all parameters; only what is judged is kept, so that a hundred thousand calls fit. */
function slim(entry: LedgerEntry): LedgerEntry {
  if ('arrivedAtUs' in entry) {
    const { seq, arrivedAtUs, account, callbackUrl } = entry;
    return { seq, arrivedAtUs, account, callbackUrl };
  }
  const { seq, endedAtUs, status, sid } = entry;
  return { seq, endedAtUs, status, sid };
}

/** Sequence number the ledger stands at: what came before belongs to earlier runs. */
export async function ledgerPosition(url: string): Promise<number> {
  const response = await fetch(`${url}/_sim/summary`);
  const { requests } = (await response.json()) as { requests: number };
  return requests;
}
