import type { ErrorRule, Phase, RuleAction, RuleClass, RuleScope } from './error-rule.ts';

const S: readonly Phase[] = ['sync'];
const A: readonly Phase[] = ['callback'];
const SA: readonly Phase[] = ['sync', 'callback'];
const minutes = (n: number): number => n * 60_000;
const hours = (n: number): number => n * 3_600_000;

const on = (phases: readonly Phase[], ...codes: readonly number[]) => ({ phases, codes });
const status = (phases: readonly Phase[], ...http: readonly [number, number]) => ({ phases, codes: [], http });
const means = (type: RuleClass, scope: RuleScope, action: RuleAction) => ({ class: type, scope, action });

const waiting: readonly ErrorRule[] = [
  { ...on(S, 20429), ...means('transient', 'account', 'lower-rate'), meaning: 'account concurrency exceeded' },
  { ...on(S, 21611), ...means('transient', 'sender', 'park-sender'), delayMs: 30_000, meaning: 'sender queue full' },
  { ...on(A, 30001), ...means('transient', 'sender', 'park-sender'), delayMs: minutes(10), meaning: 'queue overflow' },
  { ...on(SA, 14107), ...means('transient', 'contact-channel-sender', 'hold'), delayMs: minutes(1), meaning: 'reply loop' },
  { ...on(SA, 63017), ...means('transient', 'account', 'lower-rate'), meaning: 'more than 2,000 messages a second' },
  { ...on(SA, 63018), ...means('transient', 'sender', 'park-sender'), delayMs: hours(24), meaning: 'channel limit' },
  { ...on(A, 30022), ...means('transient', 'sender', 'lower-rate'), delayMs: minutes(1), meaning: 'campaign rate exceeded' },
  { ...on(A, 30023, 30027), ...means('transient', 'sender', 'park-sender'), delayMs: hours(24), meaning: 'carrier daily cap' },
  { ...on(A, 30025, 30026), ...means('transient', 'sender', 'alert'), meaning: 'carrier daily cap at 50 or 70 %' },
  { ...on(SA, 63038, 30454), ...means('transient', 'account', 'stop-account'), delayMs: hours(1), meaning: 'daily limit' },
  {
    ...on(A, 30017, 30410, 30008, 30500, 30020, 30021, 63009, 63010, 63012),
    ...means('transient', 'none', 'retry-once'),
    delayMs: hours(1),
    meaning: 'congestion, provider time-out or unknown; may have been delivered',
  },
  { ...on(A, 30036), ...means('transient', 'none', 'retry-late'), delayMs: minutes(10), meaning: 'validity period over' },
  { ...on(A, 30610, 30615), ...means('transient', 'none', 'reschedule'), meaning: 'quiet hours of the recipient' },
  { ...on(S, 20409), ...means('transient', 'none', 'retry-late'), delayMs: 30_000, meaning: 'conflict with the state' },
  { ...on(S, 22005), ...means('transient', 'sender', 'park-sender'), delayMs: minutes(1), meaning: 'voice queue full' },
  { ...on(S, 10004), ...means('transient', 'account', 'retry-late'), delayMs: minutes(1), meaning: 'too many calls at once' },
  { ...on(S, 35125), ...means('transient', 'account', 'retry-late'), delayMs: minutes(1), meaning: 'too many scheduled' },
  {
    ...on(S, 60202, 60203, 60212, 60238),
    ...means('transient', 'contact', 'retry-late'),
    delayMs: minutes(10),
    meaning: 'Verify: limit of this number; never replayed sooner',
  },
  { ...on(S, 60616, 60626, 60611), ...means('transient', 'account', 'retry'), meaning: 'Lookup package rate or quota' },
  { ...on(A, 63049), ...means('transient', 'contact', 'retry-late'), delayMs: hours(48), meaning: 'Meta chose not to deliver' },
  { ...on(SA, 30450, 30453, 30485), ...means('fraud', 'country', 'hold'), delayMs: minutes(30), meaning: 'SMS pumping block' },
  { ...on(SA, 60410), ...means('fraud', 'country', 'hold'), delayMs: hours(12), meaning: 'Verify: prefix blocked' },
];

const recipients: readonly ErrorRule[] = [
  {
    ...on(A, 30003),
    ...means('transient', 'contact-channel', 'strike'),
    channel: 'sms',
    delayMs: hours(4),
    strikes: 3,
    meaning: 'handset unreachable',
  },
  { ...on(A, 30005), ...means('permanent', 'contact-channel', 'strike'), channel: 'sms', strikes: 2, meaning: 'unknown handset' },
  { ...on(A, 30006), ...means('permanent', 'contact-channel', 'suppress'), channel: 'sms', meaning: 'landline' },
  { ...on(S, 21614, 21635), ...means('permanent', 'contact-channel', 'suppress'), channel: 'sms', meaning: 'not a mobile' },
  { ...on(S, 60205), ...means('permanent', 'contact-channel', 'suppress'), channel: 'sms', meaning: 'Verify: landline' },
  {
    ...on(S, 21211, 21217, 13223, 13224),
    ...means('permanent', 'value', 'suppress'),
    channel: '*',
    meaning: 'the value is no number that can be called',
  },
  { ...on(S, 60200), ...means('row', 'none', 'reject'), meaning: 'Verify: a parameter is invalid, not always To' },
  {
    ...on(SA, 21610, 30630),
    ...means('permanent', 'contact-channel-sender', 'suppress'),
    channel: 'sms',
    meaning: 'opted out of this sender',
  },
  { ...on(A, 30004), ...means('permanent', 'contact-channel-sender', 'suppress'), channel: 'sms', meaning: 'blocked for this sender' },
  {
    ...on(A, 63033, 63032, 63003, 63024, 63005),
    ...means('permanent', 'contact-channel', 'suppress'),
    channel: 'whatsapp',
    meaning: 'opted out of, or not reachable on, WhatsApp',
  },
  {
    ...on(S, 21216, 13225),
    ...means('permanent', 'contact-channel', 'suppress'),
    channel: 'voice',
    meaning: 'voice call blocked by Twilio',
  },
];

const rows: readonly ErrorRule[] = [
  { ...on(S, 21604, 21601), ...means('row', 'none', 'reject'), meaning: 'To missing or not capable' },
  { ...on(S, 21214, 21612), ...means('permanent', 'none', 'reject'), meaning: 'this To cannot be reached from this From' },
  {
    ...on(SA, 21602, 21617, 21619, 21620, 21623, 21654, 21655, 21656, 21624, 21609, 30019, 30011, 63021, 63027, 63028, 63030, 63034, 63052),
    ...means('content', 'batch', 'reject'),
    meaning: 'content, media, template or callback URL is wrong',
  },
  { ...on(A, 63016), ...means('content', 'batch', 'stop-batch'), meaning: 'needs a WhatsApp template' },
  { ...on(A, 30007), ...means('content', 'batch', 'stop-batch'), meaning: 'filtered by Twilio or the carrier' },
  { ...on(S, 35111, 35114, 35115, 35117, 35118), ...means('row', 'none', 'reject'), meaning: 'scheduling is wrong' },
];

const settings: readonly ErrorRule[] = [
  {
    ...on(A, 30034, 30033, 30035, 30032, 30024, 30040, 30041, 30042, 30018, 30620),
    ...means('config', 'sender', 'stop-sender'),
    meaning: 'sender is not registered, suspended or blocked',
  },
  {
    ...on(A, 63013, 63040, 63041, 63042, 63051, 63112, 63020, 63001),
    ...means('config', 'sender', 'stop-sender'),
    meaning: 'channel policy, template or account state',
  },
  { ...on(S, 21408, 21215, 13227, 60605), ...means('config', 'country', 'stop-country'), meaning: 'country not permitted' },
  {
    ...on(S, 21212, 21210, 21606, 21659, 21660, 21661, 63007, 63002, 21657),
    ...means('config', 'batch', 'stop-batch'),
    meaning: 'From is invalid, not owned or not capable',
  },
  {
    ...on(SA, 21701, 21702, 21703, 21704, 21705),
    ...means('config', 'batch', 'stop-batch'),
    meaning: 'Messaging Service missing, empty or wrong',
  },
  { ...on(S, 60606, 60600, 60601), ...means('config', 'batch', 'stop-batch'), meaning: 'Lookup package not enabled' },
  { ...on(S, 20404), ...means('config', 'batch', 'stop-batch'), meaning: 'wrong SID or path' },
  {
    ...on(SA, 20003, 20005, 10001, 30002, 30037, 20403, 20006),
    ...means('fatal', 'account', 'stop-account'),
    meaning: 'credentials wrong, account inactive, suspended or forbidden',
  },
  { ...on(A, 11200, 11205, 57012), ...means('ours', 'none', 'alert'), meaning: 'our webhook failed or a signature did not match' },
];

/** A POST is not idempotent: after a server error it may have been processed, whatever the page of the code says. */
const doubtful: readonly ErrorRule[] = [
  { ...on(S, 20500, 20503), ...means('ambiguous', 'none', 'doubt'), meaning: 'server error, time-out or unavailable' },
];

/** Rules for answers without a known code; the first that fits holds. */
export const byHttp: readonly ErrorRule[] = [
  { ...status(SA, 429, 429), ...means('transient', 'account', 'retry'), meaning: 'too many requests' },
  { ...status(SA, 401, 401), ...means('fatal', 'account', 'stop-account'), meaning: 'not authorised' },
  { ...status(SA, 403, 403), ...means('fatal', 'account', 'stop-account'), meaning: 'forbidden' },
  { ...status(SA, 408, 408), ...means('ambiguous', 'none', 'doubt'), meaning: 'request time-out' },
  { ...status(SA, 500, 599), ...means('ambiguous', 'none', 'doubt'), meaning: 'server error' },
  { ...status(SA, 300, 399), ...means('ours', 'none', 'reject'), meaning: 'redirect: protocol fault' },
  { ...status(SA, 400, 499), ...means('row', 'none', 'reject'), meaning: 'rejected for a reason unknown to the table' },
];

/** The data of the error table: what each code means, who else it holds for and what is done. */
export const byCode: readonly ErrorRule[] = [...waiting, ...recipients, ...rows, ...settings, ...doubtful];
