import { addressHint, isE164, isEmail, isMessageAddress, isSid } from './addresses.ts';
import { fault, isJsonObject, needs, needsTo, oneOf, whenGiven, type RowCheck } from './check-rules.ts';

const numberTo: RowCheck = ({ to }) => (isE164(to) ? null : fault('invalid-to', 'To', addressHint(to)));

const verifyTo: RowCheck = (row) => {
  if (row.get('Channel').toLowerCase() !== 'email') return isMessageAddress(row.to) ? null : fault('invalid-to', 'To', addressHint(row.to));
  return isEmail(row.to) ? null : fault('invalid-to', 'To', 'the email channel needs an e-mail address');
};

export const verifyChecks: readonly RowCheck[] = [
  needsTo,
  needs('ServiceSid'),
  whenGiven('ServiceSid', (value) => isSid(value, 'VA'), 'VA and 32 hexadecimal digits'),
  needs('Channel'),
  whenGiven('Channel', oneOf('sms', 'call', 'email', 'whatsapp', 'sna', 'auto', 'rcs'), 'sms, call, email, whatsapp, rcs, sna or auto'),
  verifyTo,
  whenGiven('CustomCode', (value) => /^[A-Za-z0-9]{4,10}$/.test(value), '4 to 10 letters or digits'),
  whenGiven('RateLimits', isJsonObject, 'a JSON object'),
  whenGiven('ChannelConfiguration', isJsonObject, 'a JSON object'),
  whenGiven('TemplateCustomSubstitutions', isJsonObject, 'a JSON object'),
];

const packages =
  /^(validation|caller_name|sim_swap|call_forwarding|line_status|line_type_intelligence|identity_match|reassigned_number|sms_pumping_risk|phone_number_quality_score|pre_fill)$/;

export const lookupChecks: readonly RowCheck[] = [
  needsTo,
  // A Lookup also takes a national number, when CountryCode says whose.
  (row) => (row.get('CountryCode') !== '' && /^\d[\d\s().-]{2,20}$/.test(row.to) ? null : numberTo(row)),
  whenGiven('Fields', (value) => value.split(',').every((name) => packages.test(name.trim())), "a comma list of Lookup's packages"),
  whenGiven('CountryCode', (value) => /^[A-Za-z]{2}$/.test(value), 'two letters'),
];

const studioSender: RowCheck = (row) => {
  const from = row.get('From');
  if (from === '') return fault('missing-sender', 'From', 'a flow needs From');
  return isMessageAddress(from) || isSid(from, 'MG')
    ? null
    : fault('invalid-parameter', 'From', 'From: a number in E.164, a channel address or MG...');
};

export const studioChecks: readonly RowCheck[] = [
  needsTo,
  needs('FlowSid'),
  whenGiven('FlowSid', (value) => isSid(value, 'FW'), 'FW and 32 hexadecimal digits'),
  (row) => (isMessageAddress(row.to) ? null : fault('invalid-to', 'To', addressHint(row.to))),
  studioSender,
  whenGiven('Parameters', isJsonObject, 'a JSON object'),
];
