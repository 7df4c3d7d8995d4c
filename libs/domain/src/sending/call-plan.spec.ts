import { planCall, type CallPlan } from './call-plan.ts';
import { request } from './sending.suite.ts';

const settings = { accountSid: 'AC1', callbacksUrl: 'https://hooks.example/' };
const param = (name: string, value: string) => ({ name, value });

const built = (...args: Parameters<typeof planCall>): CallPlan => {
  const plan = planCall(...args);
  if ('unbuildable' in plan) throw new Error(plan.unbuildable);
  return plan;
};

describe('what is called', () => {
  it('a message, lists repeated, the StatusCallback forced to ours with the token', () => {
    const params = [param('MediaUrl', 'a'), param('MediaUrl', 'b'), param('StatusCallback', 'https://else.example')];
    expect(built(request({ personal: { to: '+1', params } }), 'r1#2', settings)).toEqual({
      api: 'messages',
      method: 'POST',
      path: '/2010-04-01/Accounts/AC1/Messages.json',
      form: [
        ['To', '+1'],
        ['MediaUrl', 'a'],
        ['MediaUrl', 'b'],
        ['StatusCallback', 'https://hooks.example/twilio/status?a=r1%232'],
      ],
    });
  });

  it("the row's own StatusCallback stays when we receive none", () => {
    const params = [param('StatusCallback', 'https://else.example')];
    const { form } = built(request({ personal: { to: '+1', params } }), 'r1#1', { ...settings, callbacksUrl: null });
    expect(form).toContainEqual(['StatusCallback', 'https://else.example']);
  });

  it('a voice call, which always reports its start to us', () => {
    const params = [param('From', '+2'), param('StatusCallbackEvent', 'answered'), param('StatusCallbackMethod', 'GET')];
    const { path, form } = built(request({ api: 'calls', personal: { to: '+1', params } }), 'r1#1', settings);
    expect(path).toBe('/2010-04-01/Accounts/AC1/Calls.json');
    expect(form.filter(([name]) => name === 'StatusCallbackEvent').map(([, value]) => value)).toEqual(['initiated', 'answered']);
    expect(form.filter(([name]) => name === 'StatusCallbackMethod')).toEqual([['StatusCallbackMethod', 'POST']]);
  });

  it('a verification and a Studio execution, their service in the path only', () => {
    const verify = request({ api: 'verify', personal: { to: '+1', params: [param('ServiceSid', 'VA1'), param('Channel', 'sms')] } });
    expect(built(verify, 'r1#1', settings)).toMatchObject({
      path: '/v2/Services/VA1/Verifications',
      form: [
        ['To', '+1'],
        ['Channel', 'sms'],
      ],
    });
    const studio = request({ api: 'studio', personal: { to: '+1', params: [param('FlowSid', 'FW1'), param('From', '+2')] } });
    expect(built(studio, 'r1#1', settings)).toMatchObject({
      path: '/v2/Flows/FW1/Executions',
      form: [
        ['To', '+1'],
        ['From', '+2'],
      ],
    });
  });

  it('a lookup, a GET with everything in the URL', () => {
    const lookup = request({ api: 'lookup', personal: { to: '+1 500', params: [param('Fields', 'sim_swap,validation')] } });
    expect(built(lookup, 'r1#1', settings)).toEqual({
      api: 'lookup',
      method: 'GET',
      path: '/v2/PhoneNumbers/%2B1%20500?Fields=sim_swap%2Cvalidation',
      form: [],
    });
  });

  it.each([
    ['an unknown API', request({ api: 'unknown' })],
    ['a verification without a service', request({ api: 'verify' })],
    ['a service that would change the path', request({ api: 'verify', personal: { to: '+1', params: [param('ServiceSid', 'VA1/../x')] } })],
    ['a lookup of a path', request({ api: 'lookup', personal: { to: '..', params: [] } })],
  ])('nothing for %s', (_name, row) => {
    expect(planCall(row, 'r1#1', settings)).toHaveProperty('unbuildable');
  });
});
