import { type ApiCall, givenOf } from './answers.ts';
import { type FaultAction, type FaultMatch, type FaultRuleInput, bombOf } from './fault-rules.ts';

export interface ArmedFault {
  readonly id: number;
  readonly match: FaultMatch;
  readonly action: FaultAction;
  readonly setAtMs: number;
  readonly payload: Buffer | undefined;
  /** Requests it may still hit. */
  left: number;
  hits: number;
}

export interface FaultSubject {
  readonly method: string;
  readonly path: string;
  readonly call: ApiCall;
}

/** The fault rules in force, in the order they were set: the first that matches is applied. */
export class FaultBook {
  private rules: ArmedFault[] = [];
  private next = 1;

  async add(inputs: readonly FaultRuleInput[], nowMs: number): Promise<readonly number[]> {
    const payloads = await Promise.all(inputs.map(({ action }) => payloadOf(action)));
    const added = inputs.map(({ match, action, count }, at) => ({
      id: this.next++,
      match,
      action,
      setAtMs: nowMs,
      payload: payloads[at],
      left: count ?? Infinity,
      hits: 0,
    }));
    this.rules.push(...added);
    return added.map((rule) => rule.id);
  }

  clear(): void {
    this.rules = [];
  }

  list(): readonly object[] {
    return this.rules.map(({ id, match, action, hits, left }) => ({ id, match, action, hits, left: left === Infinity ? null : left }));
  }

  /** The rule that applies to this request, counted as hit; undefined when none does. */
  take(subject: FaultSubject): ArmedFault | undefined {
    if (this.rules.length === 0) return undefined;
    const rule = this.rules.find((candidate) => candidate.left > 0 && applies(candidate, subject));
    if (rule === undefined) return undefined;
    rule.left -= 1;
    rule.hits += 1;
    return rule;
  }
}

const payloadOf = async (action: FaultAction): Promise<Buffer | undefined> =>
  action.type === 'gzip-bomb' ? bombOf(action.megabytes) : undefined;

function applies({ match, setAtMs }: ArmedFault, { method, path, call }: FaultSubject): boolean {
  const age = call.atMs - setAtMs;
  const conditions = [
    match.method === undefined || match.method === method,
    match.path === undefined || path.includes(match.path),
    match.account === undefined || match.account === call.account,
    match.toSuffix === undefined || recipientOf(path, call).endsWith(match.toSuffix),
    age >= (match.fromMs ?? 0),
    age < (match.untilMs ?? Infinity),
  ];
  return conditions.every(Boolean);
}

const recipientOf = (path: string, call: ApiCall): string =>
  path.startsWith('/v2/PhoneNumbers/') ? (call.captures[0] ?? '') : (givenOf(call.params, 'To') ?? '');
