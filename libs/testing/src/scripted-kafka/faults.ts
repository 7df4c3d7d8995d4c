import { type ApiName } from './api.ts';
import { type Exchange } from './exchange.ts';
import { samePartition, type TopicPartition, withError } from './protocol.ts';
import { type ReceivedRequest } from './received-request.ts';

/** Which requests a rule is for: all that is given must hold. */
export interface RequestMatcher {
  readonly api?: ApiName;
  readonly broker?: number;
  readonly topic?: string;
  readonly partition?: number;
  readonly where?: (request: ReceivedRequest) => boolean;
  /** So many matching requests pass before the rule applies; 0 unless told. */
  readonly skip?: number;
  /** The rule applies to so many requests, then no more; 1 unless told. */
  readonly times?: number;
}

/** What is done with a request in the place of applying it and answering. */
export type Action = (exchange: Exchange) => void | Promise<void>;

const chosen = (only?: readonly TopicPartition[]) => (partition: TopicPartition) =>
  only === undefined || only.some((one) => samePartition(one, partition));

/** Answers with the error and does nothing; partitions that are not in `only` are applied and answered as usual. */
export const respondWith =
  (errorCode: number, only?: readonly TopicPartition[]): Action =>
  (exchange) => {
    const hit = chosen(only);
    const refused = exchange.refusal(errorCode, hit);
    if (exchange.request.partitions.every(hit)) return exchange.reply(refused);
    const rest = exchange.apply((partition) => !hit(partition));
    exchange.reply({ ...rest, partitions: [...rest.partitions, ...refused.partitions] });
  };

/** Does what the request asks, but answers that it failed. */
export const applyThenRespondWith =
  (errorCode: number, only?: readonly TopicPartition[]): Action =>
  (exchange) =>
    exchange.reply(withError(exchange.apply(), errorCode, only));

export const applyThenDropConnection: Action = (exchange) => {
  exchange.apply();
  exchange.drop();
};

export const dropConnectionBeforeApply: Action = (exchange) => exchange.drop();

/** The request is read, and that is all: the connection stays open, and the requests behind it on it wait. */
export const neverAnswer: Action = () => undefined;

/** As `neverAnswer`, but what the request asks is done. */
export const applyThenNeverAnswer: Action = (exchange) => {
  exchange.apply();
};

/** The action that holds answers back, and the handle that lets them go. */
export interface HeldAnswers extends Action {
  readonly held: readonly ReceivedRequest[];
  /** Answers all that is held; what comes later is answered at once. */
  release(): void;
}

/** `arrival`: the request is applied when it comes, only the answer waits. `release`: both wait. */
export function holdAnswer({ applyAt = 'arrival' }: { readonly applyAt?: 'arrival' | 'release' } = {}): HeldAnswers {
  const waiting: Exchange[] = [];
  const held: ReceivedRequest[] = [];
  let released = false;
  const hold: Action = (exchange) => {
    if (released) return exchange.reply();
    if (applyAt === 'arrival') exchange.apply();
    held.push(exchange.request);
    waiting.push(exchange);
  };
  const release = (): void => {
    released = true;
    for (const exchange of waiting.splice(0)) exchange.reply();
  };
  return Object.assign(hold, { held, release });
}

/** A rule of the script, to see how often it applied and to end it. */
export class Rule {
  /** How many requests it applied to. */
  applied = 0;
  #seen = 0;
  #active = true;

  constructor(
    private readonly matcher: RequestMatcher,
    readonly action: Action,
  ) {}

  cancel(): void {
    this.#active = false;
  }

  takes(request: ReceivedRequest): boolean {
    const { skip = 0, times = 1 } = this.matcher;
    if (!this.#active || this.applied >= times || !this.#matches(request)) return false;
    this.#seen += 1;
    if (this.#seen <= skip) return false;
    this.applied += 1;
    return true;
  }

  #matches(request: ReceivedRequest): boolean {
    const { api, broker, topic, partition, where } = this.matcher;
    if (api !== undefined && request.api !== api) return false;
    if (broker !== undefined && request.broker !== broker) return false;
    if (topic !== undefined && !request.concerns(topic, partition)) return false;
    return where?.(request) ?? true;
  }
}
