import type { TopicName } from '@paceline/contracts';
import type { KafkaMessage } from 'kafkajs';

/** A stretch of one topic partition as one fetch delivered it, undecoded. */
export interface Stretch {
  readonly topic: TopicName;
  readonly messages: readonly KafkaMessage[];
  /** Offset after the stretch, trailing control records included. */
  readonly nextOffset: number;
}

/** Records in one delivery, unless a single fetch brought more. */
const joinUpTo = 1_000;

export interface InboxFlow {
  pause(topic: TopicName): void;
  resume(topic: TopicName): void;
}

/**
 * The bounded queue between the one fetch loop and a partition's worker. Per topic: full pauses the topic, half empty
 * resumes it. The fetch loop must never wait: a slow partition would stall its neighbours and the heartbeats.
 */
export class PartitionInbox {
  readonly #stretches: Stretch[] = [];
  readonly #waiting = new Map<TopicName, number>();
  readonly #full = new Set<TopicName>();
  #arrived: (() => void) | null = null;
  #closed = false;

  constructor(
    private readonly bound: number,
    private readonly flow: InboxFlow,
  ) {}

  push(stretch: Stretch): void {
    if (this.#closed) return;
    this.#stretches.push(stretch);
    const waiting = (this.#waiting.get(stretch.topic) ?? 0) + stretch.messages.length;
    this.#waiting.set(stretch.topic, waiting);
    if (waiting >= this.bound && !this.#full.has(stretch.topic)) {
      this.#full.add(stretch.topic);
      this.flow.pause(stretch.topic);
    }
    this.#arrived?.();
  }

  /** Next stretch in arrival order; null once closed. One taker only. */
  async take(): Promise<Stretch | null> {
    while (!this.#closed) {
      const first = this.#stretches.shift();
      if (first !== undefined) return this.#taken(this.#withFollowers(first));
      await new Promise<void>((resolve) => (this.#arrived = resolve));
      this.#arrived = null;
    }
    return null;
  }

  /** Drops what is queued: it was never claimed, granted or committed. */
  close(): void {
    this.#closed = true;
    this.#stretches.length = 0;
    this.#arrived?.();
  }

  /** Joins what has queued up behind a stretch of the same topic: small fetches become one transaction. */
  #withFollowers(first: Stretch): Stretch {
    const messages = [...first.messages];
    let { nextOffset } = first;
    for (let at = 0; at < this.#stretches.length && messages.length < joinUpTo;) {
      const follower = this.#stretches[at];
      if (follower?.topic !== first.topic) {
        at += 1;
        continue;
      }
      this.#stretches.splice(at, 1);
      messages.push(...follower.messages);
      nextOffset = follower.nextOffset;
    }
    return { topic: first.topic, messages, nextOffset };
  }

  #taken(stretch: Stretch): Stretch {
    const waiting = (this.#waiting.get(stretch.topic) ?? 0) - stretch.messages.length;
    this.#waiting.set(stretch.topic, waiting);
    if (waiting <= this.bound / 2 && this.#full.delete(stretch.topic)) this.flow.resume(stretch.topic);
    return stretch;
  }
}
