import { addressHint, isHttpsUrl, isMessageAddress, isMessageSender, isSid } from './addresses.ts';
import { fault, isBoolean, isJsonObject, isWhole, needsTo, oneOf, only, whenGiven, type CheckedRow, type RowCheck } from './check-rules.ts';
import { parseInstant } from './instants.ts';

const maxBody = 1600;

const validTo: RowCheck = ({ to }) => (isMessageAddress(to) ? null : fault('invalid-to', 'To', addressHint(to)));

const oneSender: RowCheck = (row) =>
  row.get('From') === '' && row.get('MessagingServiceSid') === ''
    ? fault('missing-sender', 'From', 'a message needs From or MessagingServiceSid')
    : null;

const oneContent: RowCheck = (row) =>
  row.get('Body') === '' && row.get('MediaUrl') === '' && row.get('ContentSid') === ''
    ? fault('missing-content', 'Body', 'a message needs Body, MediaUrl or ContentSid')
    : null;

/** Twilio counts characters; a pair of surrogates is one. */
const bodyFits: RowCheck = (row) => {
  const body = row.get('Body');
  if (body.length <= maxBody) return null;
  const characters = [...body].length;
  return characters <= maxBody ? null : fault('body-too-long', 'Body', `${characters} characters; Twilio takes ${maxBody}`);
};

const scheduled: RowCheck = (row) => {
  if (row.get('ScheduleType') === '' && row.get('SendAt') === '') return null;
  const absent = ['ScheduleType', 'SendAt', 'MessagingServiceSid'].find((name) => row.get(name) === '');
  if (absent !== undefined)
    return fault('missing-parameter', absent, 'a scheduled message needs ScheduleType, SendAt and MessagingServiceSid');
  return parseInstant(row.get('SendAt'), null) === null ? fault('invalid-time', 'SendAt', 'write ISO 8601 with an offset') : null;
};

/** Carriers and Twilio take at most ten. */
const fewMedia: RowCheck = (row: CheckedRow) =>
  row.all('MediaUrl').length > 10 ? fault('invalid-parameter', 'MediaUrl', 'a message takes at most 10 media') : null;

export const messageChecks: readonly RowCheck[] = [
  needsTo,
  validTo,
  oneSender,
  whenGiven('From', isMessageSender, 'neither a number in E.164 nor a short code, sender name or channel address'),
  whenGiven('MessagingServiceSid', (value) => isSid(value, 'MG'), 'MG and 32 hexadecimal digits'),
  oneContent,
  bodyFits,
  whenGiven('MediaUrl', isHttpsUrl, 'an https address'),
  fewMedia,
  whenGiven('ContentSid', (value) => isSid(value, 'HX'), 'HX and 32 hexadecimal digits'),
  only('ContentVariables', 'ContentSid'),
  whenGiven('ContentVariables', isJsonObject, 'a JSON object'),
  whenGiven('ValidityPeriod', isWhole(1, 36_000), 'whole seconds from 1 to 36000'),
  whenGiven('Attempt', isWhole(1, 1_000_000), 'a whole number'),
  whenGiven('ScheduleType', oneOf('fixed'), '`fixed` is the only kind'),
  scheduled,
  only('ShortenUrls', 'MessagingServiceSid'),
  whenGiven('ShortenUrls', isBoolean, 'true or false'),
  whenGiven('SmartEncoded', isBoolean, 'true or false'),
  whenGiven('SendAsMms', isBoolean, 'true or false'),
  whenGiven('ProvideFeedback', isBoolean, 'true or false'),
  whenGiven('ForceDelivery', isBoolean, 'true or false'),
  whenGiven('ContentRetention', oneOf('retain', 'discard'), 'retain or discard'),
  whenGiven('AddressRetention', oneOf('retain', 'obfuscate'), 'retain or obfuscate'),
  whenGiven('RiskCheck', oneOf('enable', 'disable'), 'enable or disable'),
];
