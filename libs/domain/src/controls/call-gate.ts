import type { Request, ReturnReason } from '@paceline/contracts';
import type { Controls } from './control-index.ts';
import { accountOpenness, batchOpenness, isAccountCancelled, isBatchCancelled, laneOpenness } from './openness.ts';

/** What a control does to a slot: end the row, or send it back to wait for what the reason names. */
export type CallGate = { readonly act: 'close' } | { readonly act: 'return'; readonly reason: ReturnReason };

/**
 * The control in the way of a call; null when all is open. What the pacer grants to a half-open breaker or a probed lane is
 * the probe: it goes through.
 */
export function callGate(controls: Controls, { account, batchId, lane }: Request): CallGate | null {
  if (isAccountCancelled(controls, account) || isBatchCancelled(controls, batchId)) return { act: 'close' };
  const ofAccount = accountOpenness(controls, account);
  if (ofAccount.kind === 'shut') return back(ofAccount.why.kind === 'paused' ? 'account-paused' : 'breaker-open');
  if (batchOpenness(controls, batchId).kind === 'shut') return back('batch-paused');
  return laneOpenness(controls, account, lane).kind === 'shut' ? back('lane-parked') : null;
}

const back = (reason: ReturnReason): CallGate => ({ act: 'return', reason });
