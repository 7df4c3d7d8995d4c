import type { Api } from '@paceline/contracts';

/** The APIs a row may call. */
export type RowApi = Exclude<Api, 'unknown'>;

/** Columns that mean something to us and are never sent. */
export const ownColumns = ['Api', 'Account', 'NotBefore', 'ExpiresAt', 'Priority', 'Timezone', 'ExternalId', 'Fallback'] as const;
export type OwnColumn = (typeof ownColumns)[number];

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Parameter names per API, from Twilio's own descriptions; ServiceSid and FlowSid go into the path, To of a Lookup too. */
export const parametersOf: Readonly<Record<RowApi, readonly string[]>> = {
  messages: words(`To From MessagingServiceSid Body MediaUrl ContentSid ContentVariables ApplicationSid MaxPrice ProvideFeedback Attempt
    ValidityPeriod ForceDelivery ContentRetention AddressRetention SmartEncoded PersistentAction TrafficType ShortenUrls ScheduleType
    SendAt SendAsMms RiskCheck FallbackFrom`),
  calls: words(`To From Url Twiml ApplicationSid Method FallbackUrl FallbackMethod SendDigits Timeout TimeLimit Record RecordingChannels
    RecordingStatusCallback RecordingStatusCallbackMethod RecordingStatusCallbackEvent RecordingTrack SipAuthUsername SipAuthPassword
    MachineDetection MachineDetectionTimeout MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold
    MachineDetectionSilenceTimeout AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod Trim CallerId Byoc CallReason CallToken
    ClientNotificationUrl`),
  verify: words(`To ServiceSid Channel CustomFriendlyName CustomMessage SendDigits Locale CustomCode Amount Payee RateLimits
    ChannelConfiguration AppHash TemplateSid TemplateCustomSubstitutions DeviceIp EnableSnaClientToken RiskCheck Tags`),
  lookup: words(`To Fields CountryCode FirstName LastName AddressLine1 AddressLine2 City State PostalCode AddressCountryCode NationalId
    DateOfBirth LastVerifiedDate VerificationSid PartnerSubId`),
  studio: words('To From FlowSid Parameters'),
};

export const rowApis = Object.keys(parametersOf) as readonly RowApi[];

/** Parameters that may be given several times: `MediaUrl[0]`, `MediaUrl[1]`, or the same column repeated. */
export const listParameters: ReadonlySet<string> = new Set(['MediaUrl', 'PersistentAction', 'RecordingStatusCallbackEvent']);

/** Header names are compared without case and spaces. */
export const comparable = (header: string): string => header.toLowerCase().replace(/\s+/g, '');

const aliases: Readonly<Record<string, string>> = {
  phonenumber: 'To',
  verifyservice: 'ServiceSid',
  verifyservicesid: 'ServiceSid',
  flow: 'FlowSid',
};

const known: ReadonlyMap<string, string> = new Map([
  ...Object.values(parametersOf).flatMap((names) => names.map((name) => [comparable(name), name] as const)),
  ...Object.entries(aliases),
]);

const own: ReadonlyMap<string, OwnColumn> = new Map(ownColumns.map((name) => [comparable(name), name]));

const sets = new Map(rowApis.map((api) => [api, new Set(parametersOf[api])]));

/** Whether this API takes this parameter. */
export const takes = (api: RowApi, name: string): boolean => sets.get(api)?.has(name) === true;

/** Where a column's value goes. */
export type ColumnTarget =
  | { readonly use: 'param'; readonly name: string; readonly list: boolean }
  | { readonly use: 'own'; readonly name: OwnColumn }
  | { readonly use: 'aside'; readonly name: string }
  | { readonly use: 'ignored'; readonly name: string };

const indexed = /^(.+)\[\d*\]$/;

/** The target a header name stands for by itself. StatusCallback columns are ours, not the row's. */
export function targetOf(header: string): ColumnTarget {
  const name = comparable(header);
  const ours = own.get(name);
  if (ours !== undefined) return { use: 'own', name: ours };
  if (name.startsWith('statuscallback')) return { use: 'ignored', name: header.trim() };
  const single = known.get(name);
  if (single !== undefined) return { use: 'param', name: single, list: listParameters.has(single) };
  const list = known.get(indexed.exec(name)?.[1] ?? '');
  if (list !== undefined && listParameters.has(list)) return { use: 'param', name: list, list: true };
  return { use: 'aside', name: header.trim() };
}
