import { Agent, request } from 'undici';
import { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';

// A caller of a started simulator, over real sockets, for the specs of this folder.

export const AC = `AC${'1'.repeat(32)}`;
export const OTHER = `AC${'2'.repeat(32)}`;
export const KEY = `SK${'9'.repeat(32)}`;
export const messages = `/2010-04-01/Accounts/${AC}/Messages.json`;
export const good = { To: '+15005551234', From: '+15005550006', Body: 'hello' };
export const basic = (user: string, secret: string): string => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  /** The body, when it is JSON. */
  readonly json: { code?: number; sid?: string; [name: string]: unknown };
}

export interface Sending {
  readonly form?: object;
  readonly json?: object;
  readonly method?: string;
  readonly authorization?: string;
  readonly signal?: AbortSignal;
}

export class Caller {
  readonly simulator: Simulator;
  private readonly agent = new Agent({ keepAliveTimeout: 1000, headersTimeout: 5000 });

  private constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  /** A simulator without latency, unless the options say otherwise, and a caller of it. */
  static async of(options: SimulatorOptions = {}): Promise<Caller> {
    return new Caller(await startSimulator({ ...options, settings: { latency: { medianMs: 0, p99Ms: 0 }, ...options.settings } }));
  }

  /** Another caller of a simulator that runs, over connections of its own. */
  static to(simulator: Simulator): Caller {
    return new Caller(simulator);
  }

  async send(path: string, sending: Sending = {}): Promise<Reply> {
    const { type, body } = payloadOf(sending);
    const answer = await request(this.simulator.url + path, {
      dispatcher: this.agent,
      method: sending.method ?? (body === null ? 'GET' : 'POST'),
      headers: { authorization: sending.authorization ?? basic(AC, 'token'), 'content-type': type },
      body,
      ...(sending.signal === undefined ? {} : { signal: sending.signal }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, text, json: parsed(text) };
  }

  post(form: object = good): Promise<Reply> {
    return this.send(messages, { form });
  }

  arm(rules: object): Promise<Reply> {
    return this.send('/_sim/faults', { json: rules });
  }

  /** Resolves when no request is in flight any more, that is when the ledger has every end. */
  idle(): Promise<void> {
    return until(() => this.simulator.summary().inFlight === 0);
  }

  /** Leaves; the simulator stays. */
  async hangUp(): Promise<void> {
    await this.agent.close();
  }

  async close(): Promise<void> {
    await this.agent.close();
    await this.simulator.stop();
  }
}

/** Waits for a state that a socket's event brings about. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 3000; turn += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error('the awaited state never came');
}

function payloadOf({ form, json }: Sending): { type: string; body: string | null } {
  if (json !== undefined) return { type: 'application/json', body: JSON.stringify(json) };
  const body = form === undefined ? null : new URLSearchParams({ ...form }).toString();
  return { type: 'application/x-www-form-urlencoded', body };
}

function parsed(text: string): Reply['json'] {
  try {
    return JSON.parse(text) as Reply['json'];
  } catch {
    return {};
  }
}
