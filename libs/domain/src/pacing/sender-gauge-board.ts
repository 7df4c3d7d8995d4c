import type { EventTypes } from '@paceline/contracts';
import type { GaugeBoard } from './signals.ts';

type Gauge = EventTypes['SenderGauged'];

interface Heard {
  readonly inFlight: number;
  readonly latencyP90Ms: number | null;
  readonly latencyMeanMs: number | null;
  readonly heardMs: number;
}

/** What the owner of a slots partition last said, by account. */
interface Speaker {
  readonly sender: string;
  readonly epoch: number;
  readonly byAccount: Map<string, Heard>;
}

/** A gauge older than this is silence, milliseconds; senders gauge at least four times in it. */
export const gaugeLifeMs = 2_000;

/**
 * The senders' gauges as they stand: absolute values, the newest replaces the one before, and what is not repeated ends
 * by itself. A partition has one speaker, the one of its newest epoch: an older owner's calls are its own by now.
 */
export class SenderGaugeBoard implements GaugeBoard {
  readonly #speakers = new Map<number, Speaker>();

  heed({ sender, partition, epoch, account, inFlight, latencyP90Ms, latencyMeanMs }: Gauge, nowMs: number): void {
    const speaker = this.#speakerOf({ sender, partition, epoch }, nowMs);
    speaker?.byAccount.set(account, { inFlight, latencyP90Ms, latencyMeanMs, heardMs: nowMs });
  }

  speaks(slotsPartition: number, nowMs: number): boolean {
    return isAlive(this.#speakers.get(slotsPartition), nowMs);
  }

  inFlight(account: string, nowMs: number): number {
    let calls = 0;
    for (const { inFlight } of this.#heard(account, nowMs)) calls += inFlight;
    return calls;
  }

  latencyP90Ms(account: string, nowMs: number): number | null {
    let worst: number | null = null;
    for (const { latencyP90Ms } of this.#heard(account, nowMs)) {
      if (latencyP90Ms !== null && latencyP90Ms > (worst ?? -1)) worst = latencyP90Ms;
    }
    return worst;
  }

  /** Partitions share an account's calls evenly; a sender that tells no mean yet is taken by its p90. */
  latencyMeanMs(account: string, nowMs: number): number | null {
    let sum = 0;
    let known = 0;
    for (const { latencyMeanMs, latencyP90Ms } of this.#heard(account, nowMs)) {
      const latency = latencyMeanMs ?? latencyP90Ms;
      if (latency === null) continue;
      sum += latency;
      known += 1;
    }
    return known === 0 ? null : sum / known;
  }

  /** A newer epoch, or another sender once the last one fell silent, takes the partition over; an older one is not heard. */
  #speakerOf({ sender, partition, epoch }: Pick<Gauge, 'sender' | 'partition' | 'epoch'>, nowMs: number): Speaker | null {
    const known = this.#speakers.get(partition);
    if (known?.sender === sender && known.epoch === epoch) return known;
    if (known !== undefined && known.epoch >= epoch && isAlive(known, nowMs)) return null;
    const next = { sender, epoch, byAccount: new Map<string, Heard>() };
    this.#speakers.set(partition, next);
    return next;
  }

  *#heard(account: string, nowMs: number): Iterable<Heard> {
    for (const { byAccount } of this.#speakers.values()) {
      const heard = byAccount.get(account);
      if (heard !== undefined && isFresh(heard, nowMs)) yield heard;
    }
  }
}

const isFresh = ({ heardMs }: Heard, nowMs: number): boolean => nowMs - heardMs <= gaugeLifeMs;

function isAlive(speaker: Speaker | undefined, nowMs: number): boolean {
  for (const heard of speaker?.byAccount.values() ?? []) if (isFresh(heard, nowMs)) return true;
  return false;
}
