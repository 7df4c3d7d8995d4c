import type { TwilioAccount } from '@paceline/adapter-twilio';
import type { AccountSettings } from '@paceline/runtime';

/** Signs in with the API key when there is one, else with the account's first auth token. */
export function twilioAccount({ name, sid, apiKey, apiSecret, authToken, baseUrl, maxInFlight }: AccountSettings): TwilioAccount {
  const signIn =
    apiKey !== undefined && apiSecret !== undefined
      ? { username: apiKey, password: apiSecret.reveal() }
      : { username: sid, password: authToken[0]?.reveal() ?? '' };
  return { name, sid, ...signIn, baseUrl, maxInFlight };
}
