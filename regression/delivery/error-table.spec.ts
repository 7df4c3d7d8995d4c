// Every row of the error table, made from its data: each code against the simulator's real HTTP answer, through the real
// transport, class and decision; then what the account's pacer says of it. A row without an answer there fails.
import { errorTable, route, ruleVersion, type Api, type ErrorRule } from '@paceline/contracts';
import { Bench as Steward } from '../../libs/domain/src/pacing/account-steward.suite.ts';
import { outcomeOf, outcomeWanted, titleOfRule } from '../../libs/domain/src/routing/rule-outcomes.suite.ts';
import { CallBench, requestOf, routingSettings, type Called, type Fault } from './call-bench.ts';

let bench: CallBench;

beforeAll(async () => {
  bench = await CallBench.create();
});
afterAll(() => bench.dispose());

const voice = new Set([10004, 13223, 13224, 13225, 13227, 21210, 21214, 21215, 21216, 21217, 22005]);

/** The API whose code it is. */
function apiOf(rule: ErrorRule, code: number | null): Exclude<Api, 'unknown'> {
  const [own] = rule.apis ?? [];
  if (own !== undefined && own !== 'unknown') return own;
  if (code === null || code < 60_000 || code >= 61_000) return voice.has(code ?? 0) ? 'calls' : 'messages';
  return code >= 60_600 && code !== 60_605 ? 'lookup' : 'verify';
}

interface Sighting {
  readonly what: string;
  readonly api: Exclude<Api, 'unknown'>;
  readonly code: number | null;
  readonly fault: Fault;
}

/** Each code of a row, or the first and the last of its statuses. */
function sightingsOf(rule: ErrorRule): readonly Sighting[] {
  const ofCode = (code: number): Sighting => ({
    what: `code ${code}`,
    api: apiOf(rule, code),
    code,
    fault: { action: { type: 'code', code } },
  });
  const ofStatus = (status: number): Sighting => ({
    what: `HTTP ${status}`,
    api: 'messages',
    code: null,
    fault: { action: { type: 'status', status } },
  });
  return rule.codes.length > 0 ? rule.codes.map(ofCode) : [...new Set(rule.http)].map(ofStatus);
}

const stewardMs = 8_000;

/** What the pacer of an account sets when twenty rows in a row are answered like this, for eight seconds. */
function controlsAfter({ counted }: Called): readonly string[] {
  const steward = new Steward();
  const said = new Set<string>();
  const counts = (counted?.data.counts ?? []).map((count) => ({ ...count, attempts: 20 }));
  for (let ms = 0; ms < stewardMs; ms += 200) {
    for (const { entity, aspect, value } of steward.after(200, ...counts)) {
      if (value !== null) said.add(aspect === 'rate' || aspect === 'cap' ? `${entity} ${aspect} lowered` : `${entity} ${aspect} ${value}`);
    }
  }
  return [...said].filter((control) => !control.endsWith('cap lowered')).sort();
}

/** Scopes beyond the row: of the account, the sender's lane, the batch. */
function controlsWanted(rule: ErrorRule, lane: string): readonly string[] {
  const [status] = rule.codes.length > 0 ? [] : (rule.http ?? []);
  if (rule.action === 'stop-account') return ['account:demo breaker "open"'];
  if (status === 429 || (rule.action === 'lower-rate' && rule.scope === 'account')) return ['account:demo rate lowered'];
  if (rule.action === 'park-sender') return [`lane:demo/${lane} parked "parked"`];
  if (rule.class !== 'config') return [];
  if (rule.action === 'stop-sender') return [`lane:demo/${lane} parked "stopped"`];
  return rule.action === 'stop-batch' || rule.action === 'stop-country' ? ['batch:b1 paused "stopped"'] : [];
}

/** A redirect says nothing about the account's settings: only the row ends. */
const synchronous = errorTable.filter(({ phases }) => phases.includes('sync'));

describe(`error table ${ruleVersion}, in the answer of a call:`, () => {
  it.each(synchronous.map((rule) => [titleOfRule(rule), rule] as const))('%s', async (_title, rule) => {
    for (const { what, api, code, fault } of sightingsOf(rule)) {
      await bench.arm(fault);
      const request = requestOf(api);
      const called = await bench.call(request);
      const found = outcomeOf(called.routed, called.decidedAt);
      const wanted = outcomeWanted(rule, code, { row: request.requestId, accountHoldMs: routingSettings.accountStopHoldMs });
      expect({ what, read: called.answer.code, ...found }).toEqual({ what, read: code, ...wanted });
      expect({ what, open: called.state.open, left: called.state.last.filter(({ value }) => value !== null) }).toEqual({
        what,
        open: 0,
        left: [],
      });
      expect({ what, controls: controlsAfter(called) }).toEqual({ what, controls: controlsWanted(rule, request.lane) });
      const closed = called.routed.records.find(({ event }) => event.type === 'RequestClosed');
      if (closed !== undefined) expect(closed.event.data).toMatchObject({ ruleVersion });
    }
  });

  it('and nothing of it was accepted', () => {
    expect(bench.simulator.summary().accepted).toBe(0);
  });
});

const later = errorTable.filter(({ phases, codes }) => phases.includes('callback') && codes.length > 0);

// No receiver of callbacks exists yet: what these rows decide is data that nothing has observed. That it is complete is all
// that can be asked; the row's outcome is already `accepted` when such a code comes.
describe(`error table ${ruleVersion}, in a callback (data only: nothing receives callbacks yet):`, () => {
  it.each(later.map((rule) => [titleOfRule(rule), rule] as const))('%s', (_title, rule) => {
    for (const code of rule.codes) expect(route({ api: 'messages', httpStatus: null, code, phase: 'callback' })).toBe(rule);
    const { action, channel, scope, strikes, delayMs } = rule;
    if (action === 'suppress' || action === 'strike')
      expect({ channel, scope }).toEqual({ channel: expect.any(String), scope: expect.stringMatching(/contact|value/) });
    expect([action === 'strike', strikes !== undefined]).toEqual([strikes !== undefined, action === 'strike']);
    if (['retry-late', 'retry-once', 'park-sender', 'hold'].includes(action)) expect(delayMs).toBeGreaterThan(0);
    expect(['retry', 'doubt']).not.toContain(action);
  });
});
