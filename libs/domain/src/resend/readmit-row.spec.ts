import { requestIdOf } from '@paceline/contracts';
import { ContactHash } from '../ingest/index.ts';
import { readmitRow, type ReadmissionContext } from './readmit-row.ts';
import { aRequest, now } from './resend.suite.ts';

const contactHash = new ContactHash('a key of this spec');
const context: ReadmissionContext = {
  ...{ batchId: 'r1', expiresAt: null, accounts: new Set(['demo']), quietAccounts: new Set<string>(), contactHash },
  suppressedBecause: () => null,
};
const place = { row: 2, parent: 'p', now };
const code = (verdict: ReturnType<typeof readmitRow>): string => (verdict.admitted ? 'admitted' : verdict.fault.code);

test('a row comes again as a request of the new batch that sends the same', () => {
  const request = aRequest(7);
  const verdict = readmitRow(request, place, context);
  const sender = contactHash.ofSender('+15005550006');
  expect(verdict).toEqual({
    admitted: true,
    request: {
      ...request,
      ...{ requestId: requestIdOf('r1', 2), batchId: 'r1', row: 2, parent: 'p', line: 8, sender, lane: `messages:${sender.slice(0, 12)}` },
      contact: contactHash.ofContact('+15006000007'),
    },
  });
});

test('what must not be called now is refused', () => {
  expect(code(readmitRow(aRequest(1, { account: 'gone' }), place, context))).toBe('unknown-account');
  expect(code(readmitRow(aRequest(1), place, { ...context, suppressedBecause: () => 'stop' }))).toBe('suppressed-at-admission');
  expect(code(readmitRow(aRequest(1, { personal: { to: 'nobody', params: [] } }), place, context))).toBe('invalid-to');
});

test('an expiry that has passed needs another one', () => {
  const request = aRequest(1, { expiresAt: now });
  expect(code(readmitRow(request, place, context))).toBe('already-expired');
  expect(readmitRow(request, place, { ...context, expiresAt: now + 5 })).toMatchObject({ admitted: true, request: { expiresAt: now + 5 } });
  expect(code(readmitRow(aRequest(1, { notBefore: now + 9 }), place, { ...context, expiresAt: now + 5 }))).toBe('invalid-time');
});

test('quiet hours that came later find the zone', () => {
  const quiet = { ...context, quietAccounts: new Set(['demo']) };
  const request = aRequest(1, { personal: { to: '+4930123456', params: aRequest(1).personal.params } });
  expect(readmitRow(request, place, quiet)).toMatchObject({ request: { timeZone: 'Europe/Berlin' } });
});
