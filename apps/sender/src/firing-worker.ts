import { parentPort, workerData } from 'node:worker_threads';
import { UndiciCallTwilio, type TwilioAccount } from '@paceline/adapter-twilio';
import { tellCheckpoint } from './checkpoint.ts';
import { ClaimFirer } from './claim-firer.ts';
import type { FiringReport, HandedClaim } from './firing.ts';
import { ArmedClaims, type SharedClaims } from './pending-claims.ts';
import { preciseScheduler } from './precise-scheduler.ts';
import { systemScheduler } from './sender-ports.ts';
import { preferThisThread } from './thread-priority.ts';
import { ThreadClock, type ClockAnchor } from './thread-clock.ts';

/** What the thread is started with. Holds credentials: never print it. */
export interface FiringWorkerData {
  readonly shared: SharedClaims;
  readonly clock: ClockAnchor;
  readonly accounts: readonly TwilioAccount[];
  readonly clientTimeoutMs: number;
}

export type ToFiringThread =
  | { readonly kind: 'hand'; readonly claims: readonly HandedClaim[] }
  | { readonly kind: 'renew'; readonly accounts: readonly TwilioAccount[] }
  | { readonly kind: 'disconnect' };

export type FromFiringThread =
  { readonly kind: 'ready' } | { readonly kind: 'reports'; readonly reports: readonly FiringReport[] } | { readonly kind: 'disconnected' };

/** Reports wait this long for company: each message wakes the main thread. */
const reportLingerMs = 8;
/** It runs a few per cent of the time, but then at once. */
const niceness = -10;

/** The whole of the firing thread: claims in, reports out, and between them nothing but their instants and their calls. */
async function run({ shared, clock: anchor, accounts, clientTimeoutMs }: FiringWorkerData): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('this module is the entry of a thread');
  const tell = (message: FromFiringThread): void => port.postMessage(message);
  const clock = new ThreadClock(anchor);
  const twilio = new UndiciCallTwilio({ accounts, clientTimeoutMs, nowMs: () => clock.monotonicMs() });
  const reports = new ReportBatch((batch) => tell({ kind: 'reports', reports: batch }));
  const firer = new ClaimFirer({
    clock,
    scheduler: preciseScheduler(clock),
    twilio,
    claims: new ArmedClaims(shared),
    checkpoint: tellCheckpoint,
    report: (report) => reports.add(report),
  });
  port.on('message', (message: ToFiringThread) => {
    if (message.kind === 'hand') firer.take(message.claims);
    else if (message.kind === 'renew') twilio.renew(message.accounts);
    else void twilio.stop().then(() => tell({ kind: 'disconnected' }));
  });
  preferThisThread(niceness);
  await twilio.warm();
  tell({ kind: 'ready' });
}

class ReportBatch {
  #waiting: FiringReport[] = [];

  constructor(private readonly flush: (reports: readonly FiringReport[]) => void) {}

  add(report: FiringReport): void {
    if (this.#waiting.push(report) > 1) return;
    systemScheduler.after(reportLingerMs, () => {
      const batch = this.#waiting;
      this.#waiting = [];
      this.flush(batch);
    });
  }
}

await run(workerData as FiringWorkerData);
