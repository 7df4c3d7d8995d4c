// The router's own task over records as Kafka gives them, without Kafka: every record is decoded, every output encoded.
import type { KafkaMessage } from 'kafkajs';
import { Codec, schemas, type EventName, type EventOf, type TopicName } from '@paceline/contracts';
import type { Opening, PartitionTask, Transaction } from '@paceline/pipeline';
import { inertSpan } from '@paceline/runtime';
import { Registry } from 'prom-client';
import { RouteResponsesTask } from '../../apps/error-router/src/route-responses.task.ts';
import { RouterMetrics } from '../../apps/error-router/src/router-metrics.ts';
import { decodeRecord } from '../../libs/adapters/kafka/src/decode-records.ts';
import { encodeSends } from '../../libs/adapters/kafka/src/encode-records.ts';
import { claimOf, responseTo } from './router-records.ts';
import { rowRecords, senderNumber } from './world/bench-rows.ts';

const batchSize = 500;
/** What a decision is written as. */
const decisions: ReadonlySet<string> = new Set<EventName>(['RequestClosed', 'RetryScheduled']);
export const noon = 1_800_000_000_000_000;

async function codecOfContracts(): Promise<Codec> {
  const names = Object.keys(schemas) as EventName[];
  const codec = new Codec({
    idOf: (name) => Promise.resolve(names.indexOf(name) + 1),
    schemaOf: (id) => Promise.resolve(schemas[names[id - 1] as EventName]),
  });
  await codec.warm();
  return codec;
}

/** Counts what is committed, after it has been encoded as it would be for the brokers. */
class EncodingOpening implements Opening {
  readonly group = 'paceline-error-router';
  readonly partition = 0;
  readonly epoch = 1;
  readonly committed = new Map();
  readonly state = new Map<string, string>();
  readonly ended = new AbortController().signal;
  decided = 0;
  sent = 0;

  constructor(private readonly codec: Codec) {}

  commit({ outputs, state = [] }: Transaction): Promise<void> {
    const sends = encodeSends(this.codec, outputs, { topic: 'paceline.state.error-router', partition: 0, changes: state });
    this.sent += sends.flat().reduce((sum, { messages }) => sum + messages.length, 0);
    this.decided += outputs.filter(({ event: made }) => decisions.has(made.type)).length;
    return Promise.resolve();
  }

  endOffset(): Promise<number> {
    return Promise.resolve(0);
  }

  pause(): void {
    // Nothing delivers by itself here.
  }

  resume(): void {
    // As above.
  }
}

interface Portion {
  readonly attempts: readonly KafkaMessage[];
  readonly responses: readonly KafkaMessage[];
}

export class DecisionsWorld {
  #row = 0;
  #offset = 0;
  readonly #opening: EncodingOpening;
  readonly #task: PartitionTask;

  private constructor(private readonly codec: Codec) {
    this.#opening = new EncodingOpening(codec);
    const clock = { wallMicros: () => noon, monotonicMs: () => performance.now() };
    this.#task = new RouteResponsesTask(this.#opening, {
      settings: { maxTotalWaitMs: 3_600_000, maxAttempts: 5, accountStopHoldMs: 5_000, horizonMs: 90_000 },
      ...{ sweepMs: 500, clock, random: Math.random },
      scheduler: { every: () => () => undefined },
      tracing: { child: () => inertSpan },
      metrics: new RouterMetrics(new Registry()),
      logger: { warn: () => undefined },
      fail: (error) => {
        throw error;
      },
    });
  }

  static async create(): Promise<DecisionsWorld> {
    return new DecisionsWorld(await codecOfContracts());
  }

  get decided(): number {
    return this.#opening.decided;
  }

  /** Encoded before anything is timed. */
  portions(decisions: number): Portion[] {
    return Array.from({ length: Math.ceil(decisions / batchSize) }, () => this.#portion());
  }

  async route(portions: readonly Portion[]): Promise<void> {
    for (const { attempts, responses } of portions) {
      await this.#deliver('paceline.attempts', attempts);
      await this.#deliver('paceline.responses', responses);
    }
  }

  async #deliver(topic: TopicName, messages: readonly KafkaMessage[]): Promise<void> {
    const records = [];
    for (const message of messages) records.push(await decodeRecord(this.codec, { topic, partition: 0, message }));
    await this.#task.handle({ topic, partition: 0, records, nextOffset: Number(messages.at(-1)?.offset ?? 0) + 1 });
  }

  #portion(): Portion {
    const place = { account: 'bench', batchId: `batch-${this.#row}`, contactKey: 'benchmark', now: noon };
    const admitted = rowRecords({ weight: 1, rows: batchSize, senders: [senderNumber(1), senderNumber(2)], costs: [1] }, place);
    const claims = admitted.map(({ event: { data } }) => claimOf((data as EventOf<'RequestAdmitted'>['data']).request, noon));
    const responses = claims.map((claim) => responseTo(claim, (this.#row += 1)));
    return { attempts: claims.map((one) => this.#message(one)), responses: responses.map((one) => this.#message(one)) };
  }

  #message(made: EventOf<'AttemptStarted'> | EventOf<'ResponseRecorded'>): KafkaMessage {
    const { requestId, batchId } = made.type === 'AttemptStarted' ? made.data.request : made.data;
    const headers = { requestId: Buffer.from(requestId), batchId: Buffer.from(batchId), attempt: Buffer.from('1') };
    const at = { offset: String((this.#offset += 1)), timestamp: '1800000000000', attributes: 0 };
    return { key: Buffer.from(requestId), value: this.codec.encode(made), headers, ...at };
  }
}
