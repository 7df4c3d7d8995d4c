import { type Answer, type ApiCall, created, givenOf } from './answers.ts';
import { isAddress, isSid } from './addresses.ts';
import { iso8601 } from './instants.ts';
import { refused } from './refusals.ts';
import { newSid } from './sids.ts';

const channels = new Set(['sms', 'call', 'email', 'whatsapp', 'sna', 'auto']);

/** POST verify /v2/Services/{VA}/Verifications: a new verification each time, even for a number that has one pending. */
export function startVerification(call: ApiCall): Answer {
  const service = call.captures[0] ?? '';
  if (!isSid('VA', service)) return refused(20404, `The requested resource /Services/${service}/Verifications was not found`);
  const to = givenOf(call.params, 'To');
  const channel = givenOf(call.params, 'Channel');
  if (to === undefined) return refused(60200, 'Missing required parameter To in the post body');
  if (channel === undefined) return refused(60200, 'Missing required parameter Channel in the post body');
  if (!channels.has(channel)) return refused(60200, `Invalid parameter \`Channel\`: ${channel}`);
  if (!isRecipient(to, channel)) return refused(60200, `Invalid parameter \`To\`: ${to}`);
  const sid = newSid('VE');
  return created(sid, verificationView(call, { sid, service, to, channel: channel === 'auto' ? 'sms' : channel }));
}

const isRecipient = (to: string, channel: string): boolean => (channel === 'email' ? /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(to) : isAddress(to));

function verificationView(call: ApiCall, { sid, service, to, channel }: Record<'sid' | 'service' | 'to' | 'channel', string>): object {
  const now = iso8601(call.atMs);
  return {
    sid,
    service_sid: service,
    account_sid: call.account,
    to,
    channel,
    status: 'pending',
    valid: false,
    date_created: now,
    date_updated: now,
    lookup: {},
    amount: givenOf(call.params, 'Amount') ?? null,
    payee: givenOf(call.params, 'Payee') ?? null,
    send_code_attempts: [{ time: now, channel: channel.toUpperCase(), attempt_sid: newSid('VL') }],
    sna: null,
    url: `https://verify.twilio.com/v2/Services/${service}/Verifications/${sid}`,
  };
}
