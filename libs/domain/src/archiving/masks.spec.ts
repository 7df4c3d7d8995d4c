import { maskAddress, maskedJson, maskName, maskText } from './masks.ts';

describe('masks', () => {
  it.each([
    ['+15005550006', '+1********06'],
    ['whatsapp:+15005550006', 'whatsapp:+1********06'],
    ['ab', '**'],
    ['', ''],
  ])('an address %j keeps its ends: %j', (address, masked) => expect(maskAddress(address)).toBe(masked));

  it.each([
    'call +15005550006 now',
    'call +1 (500) 555-0006 now',
    'call +44 7700 900 123',
    'call 15005550006',
    'call (500) 555-0006',
    'call 500-555-0006.',
  ])('a number in %j is hidden', (text) => {
    expect(maskText(text)).toContain('*');
    expect(maskText(text).replace(/\D/g, '').length).toBeLessThanOrEqual(4);
  });

  it.each([
    '1795000000123456',
    `SM${'1'.repeat(32)}`,
    '12345678901234567890123456789012',
    'line 12345678 of 2026-11-22',
    'error 30022',
    '10.12.100.101:41000',
  ])('%j is no number and stays', (text) => expect(maskText(text)).toBe(text));

  it('a file name keeps its dates and runs', () => {
    expect(maskName('orders-1795000000123-20261122.csv')).toBe('orders-1795000000123-20261122.csv');
    expect(maskName('to +15005550006.csv')).toBe('to +1********06.csv');
  });

  it('masks every text of a JSON value, keys of maps included, and no number', () => {
    expect(maskedJson({ bytes: 123_456_789_012, list: ['+15005550006'], map: { '+15005550006': 'x' } })).toBe(
      '{"bytes":123456789012,"list":["+1********06"],"map":{"+1********06":"x"}}',
    );
  });
});
