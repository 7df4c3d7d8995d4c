import { type Api } from './api.ts';
import { type ClusterState } from './cluster-state.ts';
import { type Answer, emptyAnswer, type TopicPartition } from './protocol.ts';
import { type ReceivedRequest } from './received-request.ts';
import { applyRequest, refusalOf } from './request-rules.ts';
import { WireWriter } from './wire.ts';

/** What an exchange needs of the connection it came on. */
export interface AnswerLine {
  /** The broker that received the request still runs, without a restart in between. */
  readonly open: boolean;
  /** Runs it now, or when the broker thaws. */
  whenAwake(run: () => void): void;
  /** Writes the answer, undefined for a request that expects none; the connection's next request is taken up. */
  send(frame: Buffer | undefined): void;
  close(): void;
  changed(): void;
}

export interface Incoming {
  readonly request: ReceivedRequest;
  readonly api: Api;
  readonly correlationId: number;
}

type Choice = (partition: TopicPartition) => boolean;

/** One request under way: what a script may do with it. After the broker stopped all of it is without effect. */
export class Exchange {
  #applied: Answer | undefined;

  constructor(
    private readonly incoming: Incoming,
    private readonly state: ClusterState,
    private readonly line: AnswerLine,
  ) {}

  get request(): ReceivedRequest {
    return this.incoming.request;
  }

  /** Does what the request asks, once however often it is called, for the chosen partitions or for all. */
  apply(choice: Choice = () => true): Answer {
    if (!this.line.open) return emptyAnswer;
    if (this.#applied === undefined) {
      this.#applied = applyRequest(this.request.api, this.#asked(choice));
      this.request.applied = true;
      this.line.changed();
    }
    return this.#applied;
  }

  /** The answer that refuses the chosen partitions, or all, and does nothing. */
  refusal(errorCode: number, choice: Choice = () => true): Answer {
    return refusalOf(this.request.api, this.#asked(choice), errorCode);
  }

  /** Sends the answer: the given one, or else what the request comes to when it is applied. */
  reply(answer?: Answer): void {
    this.line.whenAwake(() => {
      if (!this.line.open || this.request.fate !== 'waiting') return;
      const final = answer ?? this.apply();
      this.request.answeredWith(final);
      this.line.send(this.#expectsAnswer() ? this.#frame(final) : undefined);
      this.line.changed();
    });
  }

  /** Closes the connection without an answer. */
  drop(): void {
    if (!this.line.open || this.request.fate !== 'waiting') return;
    this.request.fate = 'dropped';
    this.line.close();
    this.line.changed();
  }

  #asked(choice: Choice): { state: ClusterState; broker: number; body: ReceivedRequest['body'] } {
    const { body, broker, partitions } = this.request;
    return { state: this.state, broker, body: { ...body, partitions: partitions.filter(choice) } };
  }

  #expectsAnswer(): boolean {
    return this.request.api !== 'Produce' || this.request.body.acks !== 0;
  }

  #frame(answer: Answer): Buffer {
    const writer = new WireWriter().int32(this.incoming.correlationId);
    this.incoming.api.encode(writer, answer, this.request.version);
    const content = writer.toBuffer();
    return new WireWriter().bytesOf32(content).toBuffer();
  }
}
