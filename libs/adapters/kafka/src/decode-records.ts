import { RegistryUnavailable, UndecodableRecord, type Codec, type Event, type TopicName } from '@paceline/contracts';
import type { InputRecord } from '@paceline/pipeline';
import type { KafkaMessage } from 'kafkajs';

/** Users write this topic in their own form: its records are handed on raw. */
const rawTopics: ReadonlySet<TopicName> = new Set<TopicName>(['paceline.intake']);

function textHeaders(headers: KafkaMessage['headers']): Record<string, string> {
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    const single = Array.isArray(value) ? value[0] : value;
    if (single !== undefined) text[name] = single.toString();
  }
  return text;
}

/** Source position plus the untouched client record. */
export interface FetchedMessage {
  readonly topic: TopicName;
  readonly partition: number;
  readonly message: KafkaMessage;
}

async function decodeOrReason(codec: Codec, { topic, message }: FetchedMessage): Promise<Event | string> {
  if (rawTopics.has(topic)) return 'raw';
  try {
    const decoded = codec.decode(message.value);
    return decoded instanceof Promise ? await decoded : decoded;
  } catch (error) {
    if (error instanceof RegistryUnavailable) throw error;
    if (error instanceof UndecodableRecord) return error.message;
    return `undecodable: ${(error as Error).message}`;
  }
}

/** Decodes one record; what can never be decoded becomes a poison record. Rejects only with RegistryUnavailable. */
export async function decodeRecord(codec: Codec, fetched: FetchedMessage): Promise<InputRecord> {
  const { topic, partition, message } = fetched;
  const base = {
    topic,
    partition,
    offset: Number(message.offset),
    key: message.key?.toString() ?? null,
    headers: textHeaders(message.headers),
    timestampMs: Number(message.timestamp),
  };
  const decoded = await decodeOrReason(codec, fetched);
  return typeof decoded === 'string'
    ? { ...base, kind: 'poison', reason: decoded, rawKey: message.key, rawValue: message.value }
    : { ...base, kind: 'event', event: decoded };
}
