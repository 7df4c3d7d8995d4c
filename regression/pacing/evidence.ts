// What the judge is given: the public topics as a reader of committed records sees them, and the simulator's ledger.
import { KafkaLogReader, type Follower, type KafkaConnection } from '@paceline/adapter-kafka';
import { parseAttemptId, requestIdOf, type Codec, type TopicName } from '@paceline/contracts';
import type { EventRecord } from '@paceline/pipeline';
import type { ArrivalFact, ClaimFact, History, OutcomeFact, RateFact, ResponseFact, ReturnFact, SlotFact } from './history.ts';

const closing: readonly TopicName[] = ['paceline.outcomes', 'paceline.batches'];
const judged: readonly TopicName[] = ['paceline.requests', 'paceline.slots', 'paceline.attempts', 'paceline.responses', ...closing];

interface Facts {
  readonly slots: SlotFact[];
  readonly returns: ReturnFact[];
  readonly claims: ClaimFact[];
  readonly responses: ResponseFact[];
  readonly outcomes: OutcomeFact[];
}

const noFacts = (): Facts => ({ slots: [], returns: [], claims: [], responses: [], outcomes: [] });

function collect(facts: Facts, { event, partition, timestampMs: recordedMs }: EventRecord): void {
  switch (event.type) {
    case 'SlotGranted': {
      const { request, attempt, number, era, slotAt } = event.data;
      const { account, lane, requestId, cost: segments } = request;
      facts.slots.push({ account, lane, requestId, attempt, number, era, slotAt, segments });
      break;
    }
    case 'SlotReturned': {
      const { request, attempt, number, reason } = event.data;
      facts.returns.push({ account: request.account, requestId: request.requestId, attempt, number, reason });
      break;
    }
    case 'AttemptStarted': {
      const { request, attempt, number, sender, deadline } = event.data;
      facts.claims.push({ account: request.account, requestId: request.requestId, attempt, number, sender, deadline, partition });
      break;
    }
    case 'ResponseRecorded':
      facts.responses.push({ ...event.data, recordedMs });
      break;
    default:
      facts.outcomes.push(...outcomesOf(event, recordedMs));
  }
}

function outcomesOf(event: EventRecord['event'], recordedMs: number): readonly OutcomeFact[] {
  if (event.type === 'RequestClosed') return [{ ...event.data, recordedMs }];
  if (event.type !== 'RowsClosed') return [];
  const { batchId, ranges, outcome, reason } = event.data;
  return ranges.flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, n) => ({ requestId: requestIdOf(batchId, from + n), outcome, reason, recordedMs })),
  );
}

interface ArrivalLine {
  readonly seq: number;
  readonly arrivedAtUs: number;
  readonly account: string;
  readonly callbackUrl: string;
}

interface EndLine {
  readonly seq: number;
  readonly status: number | null;
  readonly sid: string | null;
}

export class Evidence {
  /** Requests that have an outcome, up to half a second behind. */
  readonly closed = new Set<string>();
  readonly #reader: KafkaLogReader;
  #following: Promise<void> = Promise.resolve();
  #stopped = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  #calls: Promise<ReadonlyMap<string, number>> = Promise.resolve(new Map());

  constructor(
    private readonly kafka: KafkaConnection,
    codec: Codec,
    private readonly place: { readonly simulatorUrl: string; readonly accountOf: (sid: string) => string },
  ) {
    this.#reader = new KafkaLogReader({ kafka, codec });
  }

  /** Starts to follow the outcomes; one that lost the broker begins again from the start, which a set bears. */
  start(): void {
    this.#following = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#following;
  }

  async #follow(): Promise<void> {
    let follower: Follower | null = null;
    while (!this.#stopped) {
      try {
        follower ??= await this.#reader.follow(closing, (record) => this.#close(record));
        await follower.caughtUp();
      } catch {
        await follower?.stop();
        follower = null;
      }
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    await follower?.stop();
  }

  #close({ event }: EventRecord): void {
    for (const { requestId } of outcomesOf(event, 0)) this.closed.add(requestId);
  }

  async #factsOf(topics: readonly TopicName[]): Promise<Facts> {
    const facts = noFacts();
    await this.#reader.readToEnd(topics, (record) => collect(facts, record));
    return facts;
  }

  /** Everything about these requests; `whole` = everything there is, strangers too. */
  async history(rows: ReadonlySet<string>, extent: 'own' | 'whole' = 'own'): Promise<History> {
    const { slots, returns, claims, responses, outcomes } = await this.#factsOf(judged);
    const own = <T extends { readonly requestId: string }>(items: readonly T[]): readonly T[] =>
      extent === 'whole' ? items : items.filter(({ requestId }) => rows.has(requestId));
    return {
      rows,
      slots: own(slots),
      returns: own(returns),
      claims: own(claims),
      responses: own(responses),
      outcomes: own(outcomes),
      arrivals: own(await this.arrivals()),
    };
  }

  async claims(): Promise<readonly ClaimFact[]> {
    return (await this.#factsOf(['paceline.attempts'])).claims;
  }

  async returns(): Promise<readonly ReturnFact[]> {
    return (await this.#factsOf(['paceline.requests'])).returns;
  }

  /** Client ids of who is in a group, by the broker's word. */
  async clientsOf(group: string): Promise<readonly string[]> {
    const admin = this.kafka.kafka.admin();
    await admin.connect();
    try {
      const { groups } = await admin.describeGroups([group]);
      return groups.flatMap(({ members }) => members.map(({ clientId }) => clientId));
    } finally {
      await admin.disconnect();
    }
  }

  /** What adaptation set as the accounts' rates, in its order. */
  async adaptedRates(): Promise<readonly RateFact[]> {
    const rates: RateFact[] = [];
    await this.#reader.readToEnd(['paceline.controls'], ({ event }) => {
      if (event.type !== 'ControlSet' || event.data.aspect !== 'rate' || event.data.origin !== 'adaptive') return;
      const { entity, value, meta } = event.data;
      rates.push({ account: entity.replace('account:', ''), perSecond: value === null ? null : Number(value), at: meta.occurredAt });
    });
    return rates;
  }

  /** Every call that the simulator received, in its order. */
  async arrivals(): Promise<readonly ArrivalFact[]> {
    const answer = await fetch(`${this.place.simulatorUrl}/ledger`);
    return arrivalsIn(await answer.text(), this.place.accountOf);
  }

  /** Calls received so far, by account; asked at most ten times a second, whoever waits for them. */
  async calls(): Promise<ReadonlyMap<string, number>> {
    if (performance.now() - this.#askedAt >= 100) {
      this.#askedAt = performance.now();
      this.#calls = this.#askCalls();
    }
    return this.#calls;
  }

  async #askCalls(): Promise<ReadonlyMap<string, number>> {
    const answer = await fetch(`${this.place.simulatorUrl}/_sim/summary`);
    const summary = (await answer.json()) as { byAccount: Record<string, { requests: number }> };
    return new Map(Object.entries(summary.byAccount).map(([sid, { requests }]) => [this.place.accountOf(sid), requests]));
  }
}

/** The calls of a ledger (NDJSON, as the simulator serves and keeps it) whose callback carries our token. */
export function arrivalsIn(ledger: string, accountOf: (sid: string) => string): readonly ArrivalFact[] {
  const texts = ledger.split('\n').filter((line) => line !== '');
  const lines = texts.map((line) => JSON.parse(line) as ArrivalLine | EndLine);
  const ends = new Map(lines.filter((line): line is EndLine => !('arrivedAtUs' in line)).map((end) => [end.seq, end]));
  const arrivals = lines.filter((line): line is ArrivalLine => 'arrivedAtUs' in line);
  return arrivals.map(({ seq, arrivedAtUs, account, callbackUrl }) => {
    const { sid, status } = ends.get(seq) ?? { sid: null, status: null };
    const token = new URL(callbackUrl).searchParams.get('a') ?? '';
    return { ...parseAttemptId(token), account: accountOf(account), at: arrivedAtUs, accepted: sid !== null, answered: status !== null };
  });
}
