export { UndiciCallTwilio, type CallTwilioSettings, type TwilioAccount } from './call-twilio.undici.ts';
export { NoAnswer, UndiciRequestClient, type SdkRequest, type SdkResponse } from './undici-request-client.ts';
export { parseBaseUrl, targetOf, type Target } from './base-url.ts';
