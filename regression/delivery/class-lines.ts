// The class table of delivery, line by line, as what a server does and what must come of it.
import type { Api, ResponseClass } from '@paceline/contracts';
import type { Fault } from './call-bench.ts';

export interface ClassLine {
  readonly observed: string;
  readonly api?: Exclude<Api, 'unknown'>;
  /** What the simulator is told to do; nothing = it answers as Twilio does. */
  readonly fault?: Fault;
  /** On the second call over the same connection. */
  readonly reused?: true;
  readonly class: ResponseClass;
  readonly reason: string;
  /** The router's decision. */
  readonly action: string;
  /** Requests that the server saw of the call, and resources it made of it. */
  readonly arrived: 0 | 1;
  readonly accepted: 0 | 1;
}

type Ending = Pick<ClassLine, 'class' | 'reason' | 'action'>;

const accepted: Ending = { class: 'ACCEPTED', reason: 'answered', action: 'accepted:accepted' };
const throttled: Ending = { class: 'NOT_PROCESSED', reason: 'answered', action: 'retry:throttled' };
const rejected: Ending = { class: 'REJECTED', reason: 'answered', action: 'rejected:twilio-rejected' };
const redirected: Ending = { class: 'REJECTED', reason: 'redirect', action: 'rejected:protocol' };
const stopped: Ending = { class: 'ACCOUNT_STOP', reason: 'answered', action: 'retry:account-stop' };
const doubtful = (reason: string): Ending => ({ class: 'IN_DOUBT', reason, action: 'unknown:answer-in-doubt' });
const withoutSid = (reason: string): Ending => ({ class: 'ACCEPTED_NO_SID', reason, action: 'accepted:accepted-without-sid' });

const seen = (processed: boolean) => ({ arrived: 1, accepted: processed ? 1 : 0 }) as const;
const sid = `SM${'a1'.repeat(16)}`;
const status = (code: number, more: object = {}): Fault => ({ action: { type: 'status', status: code, ...more } });
const reset = (at: string): Fault => ({ action: { type: 'reset', at } });
const body = (form: string): Fault => ({ action: { type: 'body', form } });

const acceptances: readonly ClassLine[] = [
  ...(['messages', 'calls', 'verify', 'lookup', 'studio'] as const).map((api) => ({
    observed: `${api}: 2xx with its own resource`,
    api,
    ...accepted,
    ...seen(true),
  })),
  ...[200, 202].map((code) => ({
    observed: `${code} with the expected resource`,
    fault: status(code, { body: JSON.stringify({ sid }), when: 'after' }),
    ...accepted,
    ...seen(true),
  })),
  { observed: '201 without a SID', fault: { action: { type: 'no-sid' } }, ...withoutSid('no-sid'), ...seen(true) },
  { observed: '201 with a SID of another kind', fault: body('other-sid'), ...withoutSid('no-sid'), ...seen(true) },
  ...(['empty', 'html', 'cut-json', 'list', 'huge', 'bad-gzip', 'unknown-encoding'] as const).map((form) => ({
    observed: `201 whose body is ${form}`,
    fault: body(form),
    ...withoutSid('body-unreadable'),
    ...seen(true),
  })),
  { observed: '201 with a gzip bomb', fault: { action: { type: 'gzip-bomb' } }, ...withoutSid('body-unreadable'), ...seen(true) },
  { observed: '204', fault: status(204, { body: '', when: 'after' }), ...withoutSid('body-unreadable'), ...seen(true) },
];

const refusals: readonly ClassLine[] = [
  { observed: '429 without a code', fault: status(429), ...throttled, ...seen(false) },
  { observed: '429 of a proxy, in HTML', fault: { action: { type: 'html', status: 429, when: 'before' } }, ...throttled, ...seen(false) },
  ...(['classic', 'problem', 'list'] as const).map((form) => ({
    observed: `4xx with a code, as a ${form} body`,
    fault: { action: { type: 'code', code: 21612, form } } as const,
    ...rejected,
    ...seen(false),
  })),
  { observed: '400 without a code', fault: status(400), ...rejected, ...seen(false) },
  { observed: '403 about one row (60205)', fault: { action: { type: 'code', code: 60205 } }, ...rejected, ...seen(false) },
  { observed: '401', fault: { action: { type: 'code', code: 20003 } }, ...stopped, ...seen(false) },
  { observed: '401 without a body', fault: status(401, { body: '' }), ...stopped, ...seen(false) },
  { observed: '403 without a code', fault: status(403), ...stopped, ...seen(false) },
  { observed: 'the account is suspended (30002)', fault: { action: { type: 'code', code: 30002 } }, ...stopped, ...seen(false) },
  { observed: 'the account is inactive (20005) with 400', fault: status(400, { code: 20005 }), ...stopped, ...seen(false) },
  ...[301, 302, 307, 308].map((code) => ({
    observed: `${code} to where it would be accepted`,
    fault: status(code, { headers: { Location: '/2010-04-01/elsewhere' } }),
    ...redirected,
    ...seen(false),
  })),
];

const losses: readonly ClassLine[] = [
  { observed: '408', fault: status(408), ...doubtful('request-timeout'), ...seen(false) },
  ...[500, 502, 503, 504].flatMap((code) =>
    (['before', 'after'] as const).map((when) => ({
      observed: `${code} ${when} accepting`,
      fault: status(code, { when }),
      ...doubtful('server-error'),
      ...seen(when === 'after'),
    })),
  ),
  { observed: '502 of a proxy, in HTML', fault: { action: { type: 'html', when: 'after' } }, ...doubtful('server-error'), ...seen(true) },
  {
    observed: '503 with Retry-After',
    fault: status(503, { retryAfter: { form: 'seconds' } }),
    ...doubtful('server-error'),
    ...seen(false),
  },
  { observed: 'no answer, not accepted', fault: { action: { type: 'hang', when: 'before' } }, ...doubtful('timeout'), ...seen(false) },
  { observed: 'no answer, accepted', fault: { action: { type: 'hang', when: 'after' } }, ...doubtful('timeout'), ...seen(true) },
  { observed: 'an answer beyond the time-out', fault: { action: { type: 'delay', ms: 800 } }, ...doubtful('timeout'), ...seen(true) },
  { observed: 'a body that drips', fault: { action: { type: 'drip', bytes: 1, everyMs: 100 } }, ...doubtful('timeout'), ...seen(true) },
  { observed: 'a reset in the request', fault: reset('mid-request'), ...doubtful('reset'), ...seen(false) },
  { observed: 'a reset before the answer', fault: reset('before-response'), ...doubtful('reset'), ...seen(true) },
  { observed: 'a reset after the status line', fault: reset('after-status-line'), ...doubtful('reset'), ...seen(true) },
  { observed: 'a reset in the body', fault: reset('mid-response'), ...doubtful('truncated'), ...seen(true) },
  { observed: 'a FIN in the body', fault: { action: { type: 'truncated' } }, ...doubtful('truncated'), ...seen(true) },
  ...(['fin', 'reset'] as const).map((by) => ({
    observed: `a kept connection that ends by ${by} as the request comes`,
    fault: { action: { type: 'keep-alive-race', by } } as const,
    reused: true as const,
    ...doubtful('reset'),
    ...seen(false),
  })),
];

/** A lookup only reads: in doubt it is asked again. */
const lookups: readonly ClassLine[] = [
  { observed: 'a lookup that was reset', api: 'lookup', fault: reset('before-response'), ...doubtful('reset'), ...seen(false) },
  { observed: 'a lookup answered 503', api: 'lookup', fault: status(503), ...doubtful('server-error'), ...seen(false) },
].map((line) => ({ ...line, action: 'retry:lookup-again' }) as ClassLine);

/** Every line that an answer, or the lack of one, can be seen of. Calls that wrote nothing have no server to tell of them. */
export const classLines: readonly ClassLine[] = [...acceptances, ...refusals, ...losses, ...lookups];
