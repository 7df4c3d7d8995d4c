// What the clients of the sender's benchmark share: the row, and what a process of theirs is told and tells.

export const clientNames = ['sdk', 'sdk-tuned', 'undici', 'paceline'] as const;
export type ClientName = (typeof clientNames)[number];

export interface ClientJob {
  readonly client: ClientName;
  /** The simulator. */
  readonly url: string;
  readonly sid: string;
  /** Calls under way at any time: each caller calls again when it is answered. */
  readonly callers: number;
}

/** Makes one call and reads its answer to the end; the message's sid, or null when there is none. */
export type OneCall = (row: number) => Promise<string | null>;

export const secret = 'simulator-needs-no-secret';

/** The row that everybody sends; the token in the callback is as long as ours. */
export const rowOf = (row: number): { To: string; From: string; Body: string; StatusCallback: string } => ({
  To: `+1415555${String(row % 10_000).padStart(4, '0')}`,
  From: '+16285550000',
  Body: 'A reminder of your appointment.',
  StatusCallback: `http://127.0.0.1:9/twilio/status?a=${String(row).padStart(32, '0')}%231`,
});

/** What such a process says of the stretch that was measured. */
export interface ClientReport {
  readonly calls: number;
  readonly failures: number;
  readonly seconds: number;
  /** Processor time of the process, all threads, milliseconds. */
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Resident memory at the end, MB. */
  readonly rssMb: number;
}
