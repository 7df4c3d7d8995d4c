import { type ApiName } from './api.ts';
import { type Answer, partitionKey, type PartitionRequest, type RequestBody, samePartition, type TopicPartition } from './protocol.ts';

/** `waiting`: not answered yet. `dropped`: the connection was closed instead. `lost`: the broker stopped first. */
export type RequestFate = 'waiting' | 'answered' | 'dropped' | 'lost';

interface Receipt {
  readonly order: number;
  readonly api: ApiName;
  readonly version: number;
  readonly broker: number;
  readonly connection: number;
  readonly body: RequestBody;
}

/** One request as a broker received it, and what became of it. */
export class ReceivedRequest {
  /** Whether the cluster did what it asks, at least for a part of its partitions. */
  applied = false;
  fate: RequestFate = 'waiting';
  /** The error codes of the answer; empty for success and before the answer. */
  errors: readonly number[] = [];

  constructor(private readonly receipt: Receipt) {}

  /** Position among all requests of the cluster, from 0. */
  get order(): number {
    return this.receipt.order;
  }

  get api(): ApiName {
    return this.receipt.api;
  }

  get version(): number {
    return this.receipt.version;
  }

  get broker(): number {
    return this.receipt.broker;
  }

  get connection(): number {
    return this.receipt.connection;
  }

  get body(): RequestBody {
    return this.receipt.body;
  }

  get partitions(): readonly PartitionRequest[] {
    return this.receipt.body.partitions;
  }

  /** What a produce request carries, for one partition or for all. */
  valuesFor(only?: TopicPartition): readonly (string | null)[] {
    const wanted = only === undefined ? this.partitions : this.partitions.filter((one) => samePartition(one, only));
    return wanted.flatMap(({ batch }) => batch?.records.map(({ value }) => value) ?? []);
  }

  concerns(topic: string, partition?: number): boolean {
    if (partition === undefined && this.body.topics?.includes(topic) === true) return true;
    return this.partitions.some((one) => one.topic === topic && (partition === undefined || one.partition === partition));
  }

  answeredWith({ errorCode, partitions, metadata }: Answer): void {
    this.fate = 'answered';
    const codes = [errorCode, ...partitions.map((one) => one.errorCode), ...metadata.topics.map((one) => one.errorCode)];
    this.errors = codes.filter((code) => code !== 0);
  }

  /** One line, for the message of a failing spec. */
  toString(): string {
    const { producerId, producerEpoch } = this.body;
    const producer = producerId < 0 ? '' : ` producer ${producerId}/${producerEpoch}`;
    const about = this.partitions.map((one) => ` ${partitionKey(one)}${summaryOf(one)}`).join('');
    const answer = this.fate === 'answered' ? (this.errors.length === 0 ? 'ok' : `errors ${this.errors.join()}`) : this.fate;
    return `${this.order} ${this.api} to broker ${this.broker} on connection ${this.connection}${producer}${about}: ${answer}`;
  }
}

function summaryOf({ batch, offset }: PartitionRequest): string {
  if (batch !== undefined) return ` from ${batch.baseSequence} [${batch.records.map(({ value }) => value).join()}]`;
  return offset === undefined ? '' : `@${offset}`;
}
