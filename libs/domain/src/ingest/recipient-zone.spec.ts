import { quietUntil } from '../pacing/quiet-hours.ts';
import { isTimeZone } from '../pacing/time-zone.ts';
import { zonesByPrefix } from './generated/zones-by-prefix.ts';
import { zoneOfAddress } from './recipient-zone.ts';

describe('the time zone of an address', () => {
  it.each([
    ['a country of one zone', '+4930123456', 'Europe/Berlin'],
    ['a mobile number of such a country', '+4915112345678', 'Europe/Berlin'],
    ['islands that share the clock of their code', '+447700900123', 'Europe/London'],
    ['a country whose zone was renamed', '+919812345678', 'Asia/Kolkata'],
    ['a country that keeps another clock than its neighbour', '+50581234567', 'America/Managua'],
    ['a country inside the code of another', '+77011234567', 'Asia/Almaty'],
    ['an area code in Illinois', '+13125550100', 'America/Chicago'],
    ['an area code in Arizona, without summer time', '+16025550100', 'America/Phoenix'],
    ['an area code of the Caribbean', '+18765550100', 'America/Jamaica'],
    ['an area that the map lists by its parts', '+13105550100', 'America/Los_Angeles'],
    ['an exchange of a divided area', '+12082340100', 'America/Denver'],
    ['an area laid over one in another zone than the map says', '+14745550100', 'America/Regina'],
    ['a WhatsApp address', 'whatsapp:+13125550100', 'America/Chicago'],
    ['an RCS address in capitals', 'RCS:+4930123456', 'Europe/Berlin'],
    ['a Viber address', 'viber:+4930123456', 'Europe/Berlin'],
  ])('%s', (_rule, address, zone) => {
    expect(zoneOfAddress(address)).toBe(zone);
  });

  it.each([
    ['a country of several zones', '+61412345678'],
    ['a country with islands of another zone', '+34612345678'],
    ['the rest of a divided area', '+18505550100'],
    ['an area laid over a divided one', '+19305550100'],
    ['a toll-free number', '+18005550100'],
    ["Twilio's magic numbers", '+15005550006'],
    ['a satellite telephone', '+881612345678'],
    ['an address without a number', 'messenger:1234567890'],
    ['a SIP address', 'sip:+4930123456@x.example'],
    ['a number without its country', '030123456'],
  ])('is not known for %s', (_rule, address) => {
    expect(zoneOfAddress(address)).toBeNull();
  });

  it('is one whose clock can be asked, for every prefix', () => {
    const prefixes = Object.values(zonesByPrefix).flatMap((text) => text.split(' '));
    expect(new Set(prefixes).size).toBe(prefixes.length);
    for (const [zone, text] of Object.entries(zonesByPrefix)) {
      expect(isTimeZone(zone) && text.split(' ').every((prefix) => /^[1-9]\d{0,6}$/.test(prefix))).toBe(true);
      expect(() => quietUntil(1_780_000_000_000_000, zone, { from: '21:00', to: '08:00' })).not.toThrow();
    }
  });
});
