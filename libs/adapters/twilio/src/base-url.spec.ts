import { parseBaseUrl, targetOf } from './base-url.ts';

describe('one base URL serves all API hosts', () => {
  it('by path, with its own prefix', () => {
    expect(targetOf(parseBaseUrl('http://127.0.0.1:18080/t/'), 'verify.twilio.com')).toEqual({
      origin: 'http://127.0.0.1:18080',
      prefix: '/t',
    });
  });

  it("keeps a host per product where the base is Twilio's own, region and edge included", () => {
    expect(targetOf(parseBaseUrl('https://api.twilio.com'), 'verify.twilio.com').origin).toBe('https://verify.twilio.com');
    expect(targetOf(parseBaseUrl('https://api.dublin.ie1.twilio.com'), 'studio.twilio.com').origin).toBe(
      'https://studio.dublin.ie1.twilio.com',
    );
  });

  it('refuses plain http outside loopback', () => {
    expect(() => parseBaseUrl('http://twilio.example')).toThrow('https is required');
  });
});
