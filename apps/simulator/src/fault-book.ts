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
  /** Its connection carried a request before this one. */
  readonly reused: boolean;
}

/** What is known of a request before its body. */
export type FaultHead = Pick<FaultSubject, 'method' | 'path'> & { readonly account: string | null; readonly atMs: number };

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
    return this.hit(
      (rule) => isOfRequests(rule.action) && applies(rule, subject) && (subject.reused || rule.action.type !== 'keep-alive-race'),
    );
  }

  /** The reset that ends a request whose body is still to come. */
  takeAtHead(head: FaultHead): ArmedFault | undefined {
    return this.hit((rule) => isResetAt(rule.action, 'mid-request') && isDue(rule, head.atMs) && fitsHead(rule.match, head));
  }

  /** The reset that ends a connection which has just been made. */
  takeAtConnect(nowMs: number): ArmedFault | undefined {
    return this.hit((rule) => isResetAt(rule.action, 'connect') && isDue(rule, nowMs));
  }

  private hit(isMeant: (rule: ArmedFault) => boolean): ArmedFault | undefined {
    if (this.rules.length === 0) return undefined;
    const rule = this.rules.find((candidate) => candidate.left > 0 && isMeant(candidate));
    if (rule === undefined) return undefined;
    rule.left -= 1;
    rule.hits += 1;
    return rule;
  }
}

const isResetAt = (action: FaultAction, at: string): boolean => action.type === 'reset' && action.at === at;
const isOfRequests = (action: FaultAction): boolean => !isResetAt(action, 'mid-request') && !isResetAt(action, 'connect');

const payloadOf = async (action: FaultAction): Promise<Buffer | undefined> =>
  action.type === 'gzip-bomb' ? bombOf(action.megabytes) : undefined;

function isDue({ match, setAtMs }: ArmedFault, nowMs: number): boolean {
  const age = nowMs - setAtMs;
  return age >= (match.fromMs ?? 0) && age < (match.untilMs ?? Infinity);
}

function fitsHead(match: FaultMatch, { method, path, account }: FaultHead): boolean {
  const conditions = [
    match.method === undefined || match.method === method,
    match.path === undefined || path.includes(match.path),
    match.account === undefined || match.account === account,
  ];
  return conditions.every(Boolean);
}

function applies(rule: ArmedFault, { method, path, call }: FaultSubject): boolean {
  const { account, atMs } = call;
  if (!isDue(rule, atMs) || !fitsHead(rule.match, { method, path, account, atMs })) return false;
  return rule.match.toSuffix === undefined || recipientOf(path, call).endsWith(rule.match.toSuffix);
}

const recipientOf = (path: string, call: ApiCall): string =>
  path.startsWith('/v2/PhoneNumbers/') ? (call.captures[0] ?? '') : (givenOf(call.params, 'To') ?? '');
