import { addressHint, isHttpsUrl, isVoiceAddress } from './addresses.ts';
import { fault, isWhole, needs, needsTo, oneOf, whenGiven, type RowCheck } from './check-rules.ts';

const maxTwiml = 4000;

const validTo: RowCheck = ({ to }) => (isVoiceAddress(to) ? null : fault('invalid-to', 'To', addressHint(to)));

const sender: RowCheck = (row) => (row.get('From') === '' ? fault('missing-sender', 'From', 'a voice call needs From') : null);

const content: RowCheck = (row) =>
  row.get('Url') === '' && row.get('Twiml') === '' && row.get('ApplicationSid') === ''
    ? fault('missing-content', 'Url', 'a voice call needs Url, Twiml or ApplicationSid')
    : null;

export const callChecks: readonly RowCheck[] = [
  needsTo,
  validTo,
  sender,
  needs('From'),
  whenGiven('From', isVoiceAddress, 'a number in E.164, or a client: or sip: address'),
  content,
  whenGiven('Url', isHttpsUrl, 'an https address'),
  whenGiven('FallbackUrl', isHttpsUrl, 'an https address'),
  whenGiven('Twiml', (value) => value.length <= maxTwiml, `at most ${maxTwiml} characters`),
  whenGiven('Method', oneOf('get', 'post'), 'GET or POST'),
  whenGiven('FallbackMethod', oneOf('get', 'post'), 'GET or POST'),
  whenGiven('Timeout', isWhole(1, 600), 'whole seconds from 1 to 600'),
  whenGiven('TimeLimit', isWhole(1, 86_400), 'whole seconds'),
  whenGiven('SendDigits', (value) => /^[0-9*#wWA-Da-d]+$/.test(value), 'digits, #, *, w and W'),
  whenGiven('MachineDetection', oneOf('enable', 'detectmessageend'), 'Enable or DetectMessageEnd'),
];
