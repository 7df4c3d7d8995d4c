import type { Codec, TopicName } from '@paceline/contracts';
import type { OutputRecord, StateChange } from '@paceline/pipeline';
import type { Message, TopicMessages } from 'kafkajs';

/** kafkajs batches quadratically: never more than this in one send. */
export const maxMessagesPerSend = 1_000;

/**
 * A broker takes a batch of 1,048,588 bytes by default, and a send may become one batch. Above it the send is refused
 * each time it is tried, so what is written together must never reach it. A record by itself is bounded at admission.
 */
export const maxBytesPerSend = 524_288;

/** Lengths, offset and time of a record, and of each header, at most. */
const framingBytes = 32;

const messageOf = (codec: Codec, record: OutputRecord): Message => ({
  key: record.key,
  value: codec.encode(record.event),
  ...(record.headers === undefined ? {} : { headers: { ...record.headers } }),
});

/** Changelog write of one task; the partition is the task's own, whatever the key. */
const stateMessage = (partition: number, { key, value }: StateChange): Message => ({
  key,
  value: value === null ? null : Buffer.from(value),
  partition,
});

const lengthOf = (part: { readonly length: number } | null | undefined): number => part?.length ?? 0;

function bytesOf({ key, value, headers = {} }: Message): number {
  let bytes = framingBytes + lengthOf(key) + lengthOf(value);
  for (const [name, content] of Object.entries(headers)) bytes += framingBytes + name.length + lengthOf(content);
  return bytes;
}

/** Fills sends up to their bounds, grouped by topic, order kept per topic. */
class SendPacker {
  readonly sends: TopicMessages[][] = [];
  #byTopic = new Map<TopicName, Message[]>();
  #messages = 0;
  #bytes = 0;

  add(topic: TopicName, message: Message): void {
    const bytes = bytesOf(message);
    if (this.#messages === maxMessagesPerSend || this.#bytes + bytes > maxBytesPerSend) this.#begin();
    const messages = this.#byTopic.get(topic);
    if (messages === undefined) this.#open(topic, message);
    else messages.push(message);
    this.#messages += 1;
    this.#bytes += bytes;
  }

  #begin(): void {
    this.#byTopic = new Map();
    [this.#messages, this.#bytes] = [0, 0];
  }

  #open(topic: TopicName, message: Message): void {
    const messages = [message];
    if (this.#byTopic.size === 0) this.sends.push([]);
    this.#byTopic.set(topic, messages);
    this.sends.at(-1)?.push({ topic, messages });
  }
}

/** The changelog of one task, and what changes in it. */
export interface StateWrites {
  readonly topic: TopicName;
  readonly partition: number;
  readonly changes: readonly StateChange[];
}

/** Encoded messages in as few sends as their bounds allow. */
export function encodeSends(codec: Codec, records: readonly OutputRecord[], state?: StateWrites): TopicMessages[][] {
  const packer = new SendPacker();
  for (const record of records) packer.add(record.topic, messageOf(codec, record));
  if (state !== undefined) for (const change of state.changes) packer.add(state.topic, stateMessage(state.partition, change));
  return packer.sends;
}
