// One call through the product's own parts: the plan, the transport, the class, the decision and what is counted of it.
// The other side is a real simulator over real sockets; nothing stands in for anything of ours.
import { createServer, type AddressInfo } from 'node:net';
import { UndiciCallTwilio } from '@paceline/adapter-twilio';
import { contactOf, type Api, type AttemptStarted, type EventOf, type Param, type Request } from '@paceline/contracts';
import { CodeTally, OpenAttempts, responseOf, type Routed, type RoutingSettings } from '@paceline/domain/routing';
import { classify, planCall, responseRecorded, type CallPlan, type Classified, type Observation } from '@paceline/domain/sending';
import { eventually, systemClock } from '@paceline/testing';
import type { FaultRuleInput } from '../../apps/simulator/src/fault-rules.ts';
import { startSimulator, type Simulator } from '../../apps/simulator/src/simulator.ts';
import { aClaim, aRequest } from '../../libs/domain/src/routing/builders.suite.ts';

/** A fault rule as a person writes it: what has a default may be left out. */
export interface Fault {
  readonly match?: object;
  readonly action: { readonly type: FaultRuleInput['action']['type'] } & Readonly<Record<string, unknown>>;
  readonly count?: number;
}

export const account = 'demo';
export const accountSid = `AC${'0'.repeat(31)}1`;
const clientTimeoutMs = 400;
const bodyCapBytes = 256 * 1024;

/** As the router is set, but for time-outs that a test need not wait out. */
export const routingSettings: RoutingSettings = {
  maxTotalWaitMs: 100 * 86_400_000,
  maxAttempts: 3,
  accountStopHoldMs: 5_000,
  horizonMs: 3_000,
};

const param = (name: string, value: string): Param => ({ name, value });
const from = param('From', '+15005550006');

/** The least that each API asks for. */
const paramsOf: Readonly<Record<Exclude<Api, 'unknown'>, readonly Param[]>> = {
  messages: [from, param('Body', 'hello')],
  calls: [from, param('Url', 'https://example.test/voice')],
  verify: [param('ServiceSid', `VA${'1'.repeat(32)}`), param('Channel', 'sms')],
  lookup: [],
  studio: [param('FlowSid', `FW${'1'.repeat(32)}`), from],
};

/** The n-th row of an API, to a number of its own. */
export function requestOf(api: Exclude<Api, 'unknown'>, n = 1): Request {
  const to = `+1500${String(6_200_000 + n)}`;
  const lane = `${api}:abc`;
  const contact = contactOf('key of the call bench', to);
  return aRequest({ requestId: `r${n}`, account, api, lane, contact, personal: { to, params: [...paramsOf[api]] } });
}

/** What one call led to, on both sides. */
export interface Called {
  readonly observation: Observation;
  readonly answer: Classified;
  readonly routed: Routed;
  /** What the router's state holds of the attempt afterwards. */
  readonly state: { readonly open: number; readonly last: readonly { readonly key: string; readonly value: string | null }[] };
  readonly counted: EventOf<'CodesCounted'> | null;
  /** Microseconds at which it was decided. */
  readonly decidedAt: number;
}

export interface CallTerms {
  /** Where the account's calls go; the simulator when absent. */
  readonly baseUrl?: string;
  readonly mayStart?: () => boolean;
}

/** Decides one attempt by this answer, with nobody's luck. */
export function decide(claim: AttemptStarted, answer: Classified): Omit<Called, 'observation' | 'answer'> {
  const at = systemClock.wallMicros();
  const now = { wallMicros: at, monotonicMs: 0, random: () => 0, offset: 0 };
  const attempts = new OpenAttempts(routingSettings);
  attempts.claimed(claim, {}, now);
  const { data } = responseRecorded(claim, answer, { calledAt: at, answeredAt: at, nowMicros: at, sender: 'bench' });
  const routed = attempts.observed(responseOf(data), {}, now);
  if (routed === null || routed === 'duplicate') throw new Error('an open attempt with an answer is decided');
  const tally = new CodeTally();
  tally.add(routed);
  const [record] = tally.records(0, at);
  const counted = record?.event.type === 'CodesCounted' ? record.event : null;
  return { routed, state: { open: attempts.size, last: attempts.takeChanges(0) }, counted, decidedAt: at };
}

export class CallBench {
  readonly #ports = new Map<string, UndiciCallTwilio>();

  private constructor(readonly simulator: Simulator) {}

  static async create(): Promise<CallBench> {
    return new CallBench(await startSimulator({ settings: { latency: { medianMs: 0, p99Ms: 0 }, magic: false } }));
  }

  /** Throws when the simulator knows no such fault. */
  async arm(...rules: readonly Fault[]): Promise<void> {
    await this.#control('DELETE');
    if (rules.length > 0) await this.#control('POST', rules);
  }

  async call(request: Request, { baseUrl = this.simulator.url, mayStart = () => true }: CallTerms = {}): Promise<Called> {
    const claim = aClaim({ request });
    const observation = await this.portTo(baseUrl).call(account, planOf(claim), mayStart);
    const answer = classify(request.api, observation, systemClock.wallMicros());
    return { observation, answer, ...decide(claim, answer) };
  }

  /** The product's transport to this server, one for all calls there. */
  portTo(baseUrl: string): UndiciCallTwilio {
    let port = this.#ports.get(baseUrl);
    if (port === undefined) {
      const accounts = [{ name: account, sid: accountSid, username: accountSid, password: 'simulator', baseUrl, maxInFlight: 4 }];
      port = new UndiciCallTwilio({ accounts, clientTimeoutMs, bodyCapBytes, nowMs: () => performance.now() });
      this.#ports.set(baseUrl, port);
    }
    return port;
  }

  /** Connections of earlier calls are gone. */
  async hangUp(): Promise<void> {
    await Promise.all([...this.#ports.values()].map((port) => port.stop()));
    this.#ports.clear();
  }

  /** Nobody calls any more, and the server's ledger has the end of each request. */
  async settled(): Promise<void> {
    await this.hangUp();
    await eventually('the server has ended every request', () => this.simulator.summary().inFlight === 0);
  }

  async dispose(): Promise<void> {
    await this.hangUp();
    await this.simulator.stop();
  }

  async #control(method: 'POST' | 'DELETE', body?: unknown): Promise<void> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const answer = await fetch(`${this.simulator.url}/_sim/faults`, { ...init, headers: { connection: 'close' } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the simulator has no such fault: ${JSON.stringify(body)}: ${text}`);
  }
}

/** The call that a claim gives the right to. */
export function planOf({ request, attemptId }: AttemptStarted): CallPlan {
  const plan = planCall(request, attemptId, { accountSid, callbacksUrl: 'http://127.0.0.1:1' });
  if ('unbuildable' in plan) throw new Error(plan.unbuildable);
  return plan;
}

/** An address of this machine where nobody listens. */
export async function closedPort(): Promise<string> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return `http://127.0.0.1:${port}`;
}
