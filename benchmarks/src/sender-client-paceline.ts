// Ours without Kafka: the call is planned, made and classified by the code that does so in the sender.
import { UndiciCallTwilio } from '@paceline/adapter-twilio';
import { attemptIdOf, contactOf, type Request } from '@paceline/contracts';
import { classify, planCall } from '@paceline/domain/sending';
import { rowOf, secret, type ClientJob, type OneCall } from './sender-client.ts';

const account = 'bench';

function requestOf(row: number): Request {
  const { To: to, From, Body } = rowOf(row);
  const ids = { requestId: String(row).padStart(32, '0'), batchId: 'b', account, api: 'messages', lane: 'messages:000000000000' } as const;
  const due = { notBefore: null, expiresAt: null, timeZone: null };
  const rest = { row, line: row, cost: 1, priority: 0, externalId: null, parent: null };
  const params = Object.entries({ From, Body }).map(([name, value]) => ({ name, value }));
  return { ...ids, ...due, ...rest, contact: contactOf('k', to), sender: contactOf('k', From), personal: { to, params } };
}

export async function openPaceline({ url, sid, callers }: ClientJob): Promise<OneCall> {
  const signIn = { sid, username: sid, password: secret };
  const accounts = [{ name: account, ...signIn, baseUrl: url, maxInFlight: callers }];
  const twilio = new UndiciCallTwilio({ accounts, clientTimeoutMs: 40_000, nowMs: () => performance.now() });
  await twilio.warm();
  const requests = Array.from({ length: 10_000 }, (_, row) => requestOf(row));
  const settings = { accountSid: sid, callbacksUrl: 'http://127.0.0.1:9' };
  return async (row) => {
    const request = requests[row % requests.length] as Request;
    const plan = planCall(request, attemptIdOf(request.requestId, 1), settings);
    if ('unbuildable' in plan) throw new Error(plan.unbuildable);
    return classify(request.api, await twilio.call(account, plan), Date.now() * 1_000).sid;
  };
}
