// Twilio's own SDK with its own HTTP client. It only ever calls https; the simulator speaks http, so its agent's settings
// are carried over to an http agent, and nothing else of it is changed.
import { Agent, type AgentOptions } from 'node:http';
import twilio from 'twilio';
import { rowOf, secret, type ClientJob, type OneCall } from './sender-client.ts';

type SdkHttpClient = InstanceType<typeof twilio.RequestClient>;

/** As shipped there are no options; tuned, a socket for every caller. */
function shippedClient({ client, callers }: ClientJob): SdkHttpClient {
  if (client === 'sdk') return new twilio.RequestClient();
  return new twilio.RequestClient({ keepAlive: true, maxSockets: callers, maxTotalSockets: callers, maxFreeSockets: callers });
}

function overPlainHttp(client: SdkHttpClient, url: string): SdkHttpClient {
  const { defaults } = client.axios;
  const { options } = defaults.httpsAgent as { options: AgentOptions };
  defaults.httpAgent = new Agent({ ...options, protocol: 'http:', defaultPort: 80 });
  const request = client.request.bind(client) as (asked: object) => unknown;
  const redirected = (asked: { uri: string }): unknown => request({ ...asked, uri: asked.uri.replace('https://api.twilio.com', url) });
  client.request = redirected as typeof client.request;
  return client;
}

export function openSdk(job: ClientJob): OneCall {
  const { messages } = twilio(job.sid, secret, { httpClient: overPlainHttp(shippedClient(job), job.url) });
  return async (row) => {
    const { To: to, From: from, Body: body, StatusCallback: statusCallback } = rowOf(row);
    return (await messages.create({ to, from, body, statusCallback })).sid;
  };
}
