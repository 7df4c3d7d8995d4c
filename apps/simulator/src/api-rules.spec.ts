import { describe, expect, it } from '@jest/globals';
import { type Answer, type Params } from './answers.ts';
import { createCall } from './calls.ts';
import { createExecution } from './executions.ts';
import { lookUpNumber } from './lookups.ts';
import { createMessage, updateMessage } from './messages.ts';
import { RecordStore } from './record-store.ts';
import { RuntimeSettings, type SimulatorSettings } from './settings.ts';
import { startVerification } from './verifications.ts';
import { type World } from './world.ts';

const account = `AC${'0'.repeat(32)}`;
const MG = `MG${'a'.repeat(32)}`;
const atMs = Date.UTC(2026, 10, 22, 5, 0, 0);
const inHours = (hours: number): string => new Date(atMs + hours * 3_600_000).toISOString();
const worldOf = (settings: Partial<SimulatorSettings> = {}): World => ({
  settings: new RuntimeSettings(settings),
  store: new RecordStore(10),
});

const message = (params: Params, world = worldOf()): Answer => createMessage({ account, params, captures: [account], atMs }, world);
const call = (params: Params, world = worldOf()): Answer => createCall({ account, params, captures: [account], atMs }, world);

const good = { To: '+15005551234', From: '+15005550006', Body: 'hello' };
const goodCall = { To: '+15005551234', From: '+15005550006', Url: 'https://example.com/twiml' };
const scheduled = { To: good.To, Body: 'later', MessagingServiceSid: MG, ScheduleType: 'fixed' };

describe('messages', () => {
  const refusals: [string, Params, number][] = [
    ['no To', { From: good.From, Body: 'x' }, 21604],
    ['an empty To', { ...good, To: '' }, 21604],
    ['no sender', { To: good.To, Body: 'x' }, 21603],
    ['no content at all', { To: good.To, From: good.From }, 21619],
    ['an empty body', { ...good, Body: '' }, 21602],
    ['a body above 1600 characters', { ...good, Body: 'x'.repeat(1601) }, 21617],
    ['a To that is not E.164', { ...good, To: '5005551234' }, 21211],
    ['a From that is nothing known', { ...good, From: '+1500' }, 21212],
    ['a malformed Messaging Service', { To: good.To, Body: 'x', MessagingServiceSid: 'MG1' }, 21705],
    ['a media URL that is none', { ...good, MediaUrl: 'cat.png' }, 21620],
    ['eleven media URLs', { ...good, MediaUrl: Array.from({ length: 11 }, () => 'https://example.com/a.png') }, 21623],
    ['a malformed ContentSid', { ...good, ContentSid: 'HX1' }, 21655],
    ['content variables that are not an object', { ...good, ContentVariables: '[1]' }, 21656],
    ['a callback URL that is none', { ...good, StatusCallback: 'nowhere' }, 21609],
    ['From ...0001', { ...good, From: '+15005550001' }, 21212],
    ['From ...0007', { ...good, From: '+15005550007' }, 21606],
    ['From ...0008: queue full', { ...good, From: '+15005550008' }, 21611],
    ['To ...0001', { ...good, To: '+15005550001' }, 21211],
    ['To ...0002', { ...good, To: '+15005550002' }, 21612],
    ['To ...0003', { ...good, To: '+15005550003' }, 21408],
    ['To ...0004', { ...good, To: '+15005550004' }, 21610],
    ['To ...0009', { ...good, To: '+15005550009' }, 21614],
    ['To ...0004 through a Messaging Service', { To: '+15005550004', Body: 'x', MessagingServiceSid: MG }, 21610],
    ['both numbers magic: the sender is judged first', { ...good, From: '+15005550008', To: '+15005550004' }, 21611],
    ['a schedule of another type', { ...scheduled, ScheduleType: 'daily', SendAt: inHours(1) }, 35117],
    ['a schedule without a Messaging Service', { ...good, ScheduleType: 'fixed', SendAt: inHours(1) }, 35118],
    ['a schedule without SendAt', scheduled, 35111],
    ['a schedule that is too near', { ...scheduled, SendAt: inHours(0.05) }, 35114],
    ['a SendAt that is no date', { ...scheduled, SendAt: 'soon' }, 35114],
    ['a schedule that is too far', { ...scheduled, SendAt: inHours(36 * 24) }, 35115],
  ];

  it.each(refusals)('%s is refused', (_rule, params, code) => {
    const world = worldOf();
    const status = code === 21611 ? 429 : 400;
    const answer = message(params, world);
    expect(answer).toMatchObject({ code, status, sid: null, body: { code, status, message: expect.any(String) } });
    expect(answer.body).toHaveProperty('more_info', `https://www.twilio.com/docs/errors/${code}`);
    expect(world.store.newest()).toBeUndefined();
  });

  const accepted: [string, Params, object][] = [
    ['a plain one is queued with its segments', good, { status: 'queued', num_segments: '1', from: good.From, num_media: '0' }],
    ['a long one has several segments', { ...good, Body: 'x'.repeat(200) }, { num_segments: '2' }],
    ['1600 characters are allowed', { ...good, Body: 'x'.repeat(1600) }, { status: 'queued' }],
    [
      'a Messaging Service accepts, and knows neither sender nor segments',
      { To: good.To, Body: 'x', MessagingServiceSid: MG },
      { status: 'accepted', num_segments: '0', from: null, messaging_service_sid: MG },
    ],
    ['a scheduled one is scheduled', { ...scheduled, SendAt: inHours(1) }, { status: 'scheduled', num_segments: '0' }],
    [
      'media make an MMS',
      { To: good.To, From: good.From, MediaUrl: ['https://a.example/1.png', 'https://a.example/2.png'] },
      { num_media: '2' },
    ],
    ['From outside the magic table is accepted', { ...good, From: '+15005551234' }, { status: 'queued' }],
    ['an alphanumeric sender is accepted', { ...good, From: 'ACME' }, { from: 'ACME' }],
    ['a WhatsApp pair is accepted', { ...good, To: 'whatsapp:+15005551234', From: 'whatsapp:+15005550006' }, { status: 'queued' }],
  ];

  it.each(accepted)('%s', (_rule, params, body) => {
    const answer = message(params);
    expect(answer).toMatchObject({ status: 201, code: null, body });
    expect(answer.sid).toMatch(/^(SM|MM)[0-9a-f]{32}$/);
  });

  it('under strictFrom any From but ...0006 is refused', () => {
    const world = worldOf({ strictFrom: true });
    expect(message({ ...good, From: '+15005551234' }, world).code).toBe(21606);
    expect(message(good, world).status).toBe(201);
  });

  it('with magic off the magic numbers are plain numbers', () => {
    expect(message({ ...good, To: '+15005550004', From: '+15005550008' }, worldOf({ magic: false })).status).toBe(201);
  });

  it('only a scheduled one can be canceled', () => {
    const world = worldOf();
    const cancel = (sid: string | null): Answer =>
      updateMessage({ account, params: { Status: 'canceled' }, captures: [account, sid ?? ''], atMs }, world);
    expect(cancel(message({ ...scheduled, SendAt: inHours(1) }, world).sid).body).toMatchObject({ status: 'canceled' });
    expect(cancel(message(good, world).sid).code).toBe(30409);
    expect(cancel(`SM${'0'.repeat(32)}`).code).toBe(20404);
  });
});

describe('calls', () => {
  const refusals: [string, Params, number][] = [
    ['no To', { From: goodCall.From, Url: goodCall.Url }, 21201],
    ['no From', { To: goodCall.To, Url: goodCall.Url }, 21213],
    ['nothing to say', { To: goodCall.To, From: goodCall.From }, 21205],
    ['a Url that is none', { ...goodCall, Url: 'twiml' }, 21205],
    ['a To that is not E.164', { ...goodCall, To: '12' }, 21211],
    ['From ...0001', { ...goodCall, From: '+15005550001' }, 21212],
    ['To ...0001', { ...goodCall, To: '+15005550001' }, 21217],
    ['To ...0002', { ...goodCall, To: '+15005550002' }, 21214],
    ['To ...0003', { ...goodCall, To: '+15005550003' }, 21215],
    ['To ...0004', { ...goodCall, To: '+15005550004' }, 21216],
  ];

  it.each(refusals)('%s is refused', (_rule, params, code) => {
    expect(call(params)).toMatchObject({ code, status: 400, sid: null });
  });

  it('a good one is queued', () => {
    const answer = call(goodCall);
    expect(answer).toMatchObject({ status: 201, body: { status: 'queued', to_formatted: '(500) 555-1234' } });
    expect(answer.sid).toMatch(/^CA[0-9a-f]{32}$/);
  });

  it('under strictFrom any From but ...0006 is refused', () => {
    expect(call({ ...goodCall, From: '+15005551234' }, worldOf({ strictFrom: true })).code).toBe(21210);
  });
});

describe('verifications', () => {
  const verify = (params: Params, service = `VA${'0'.repeat(32)}`): Answer =>
    startVerification({ account, params, captures: [service], atMs });

  const refusals: [string, Params, number][] = [
    ['no To', { Channel: 'sms' }, 60200],
    ['no Channel', { To: good.To }, 60200],
    ['an unknown Channel', { To: good.To, Channel: 'pigeon' }, 60200],
    ['a To that is not E.164', { To: '12', Channel: 'sms' }, 60200],
    ['a number for the email channel', { To: good.To, Channel: 'email' }, 60200],
  ];

  it.each(refusals)('%s is refused', (_rule, params, code) => {
    expect(verify(params)).toMatchObject({ code, status: 400 });
  });

  it('a good one is pending; a malformed service is not found', () => {
    expect(verify({ To: good.To, Channel: 'sms' })).toMatchObject({ status: 201, body: { status: 'pending', channel: 'sms' } });
    expect(verify({ To: good.To, Channel: 'sms' }, 'VA1')).toMatchObject({ status: 404, code: 20404 });
  });
});

describe('lookups', () => {
  const lookUp = (number: string, params: Params = {}): Answer => lookUpNumber({ account, params, captures: [number], atMs });

  it('a valid number is valid, with the packages that were asked for', () => {
    expect(lookUp('+15005551234').body).toMatchObject({ valid: true, validation_errors: [], line_type_intelligence: null });
    expect(lookUp('+15005551234', { Fields: 'line_type_intelligence' }).body).toMatchObject({ line_type_intelligence: { type: 'mobile' } });
  });

  it.each([
    ['+1500', 'TOO_SHORT'],
    ['+1234567890123456', 'TOO_LONG'],
    ['hello', 'NOT_A_NUMBER'],
    ['+05005551234', 'INVALID_COUNTRY_CODE'],
  ])('%s is answered with HTTP 200 and %s', (number, error) => {
    expect(lookUp(number)).toMatchObject({ status: 200, sid: null, body: { valid: false, validation_errors: [error] } });
  });
});

describe('executions', () => {
  const execute = (params: Params, flow = `FW${'0'.repeat(32)}`): Answer => createExecution({ account, params, captures: [flow], atMs });

  const refusals: [string, Params, number][] = [
    ['no To', { From: good.From }, 20001],
    ['no From', { To: good.To }, 20001],
    ['parameters that are not JSON', { To: good.To, From: good.From, Parameters: '{' }, 20001],
    ['a To that is not E.164', { To: '12', From: good.From }, 21211],
  ];

  it.each(refusals)('%s is refused', (_rule, params, code) => {
    expect(execute(params)).toMatchObject({ code, status: 400 });
  });

  it('a good one is active and carries its parameters; a malformed flow is not found', () => {
    const body = { status: 'active', context: { flow: { data: { name: 'Ann' } } } };
    expect(execute({ To: good.To, From: MG, Parameters: '{"name":"Ann"}' })).toMatchObject({ status: 201, body });
    expect(execute({ To: good.To, From: good.From }, 'FW1').code).toBe(20404);
  });
});
