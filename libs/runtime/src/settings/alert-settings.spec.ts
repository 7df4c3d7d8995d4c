import { inspect } from 'node:util';
import { alertsSchema } from './alert-settings.ts';

const parsed = (webhook: object) =>
  alertsSchema({ env: { HOOK: 'https://hooks.example.com/T0/secret-path' }, folder: '/', readFile: () => '' }).safeParse({
    webhooks: [webhook],
  });
const problemOf = (webhook: object): string =>
  parsed(webhook)
    .error?.issues.map(({ message }) => message)
    .join('; ') ?? '';

test.each(['https://hooks.example.com/T0/B0/x?a=b', 'http://127.0.0.1:9000/hook', 'http://localhost/hook', '${env:HOOK}'])(
  '%s is taken',
  (url) => {
    expect(problemOf({ url })).toBe('');
  },
);

test.each(['http://hooks.example.com/x', 'ftp://127.0.0.1/x', 'hooks.example.com', 'https://user:pass@hooks.example.com/x'])(
  '%s is refused, and not repeated',
  (url) => {
    expect(problemOf({ url })).toBe('give an https:// URL (http:// on 127.0.0.1 or localhost only), without user');
  },
);

test('headers are secrets, and those of the transport are not for the settings', () => {
  const result = parsed({ url: '${env:HOOK}', headers: { Authorization: 'Bearer secret-token' } });
  const [webhook] = result.data?.webhooks ?? [];
  expect(webhook?.headers['Authorization']?.reveal()).toBe('Bearer secret-token');
  expect(inspect(result.data, { depth: 9 })).not.toMatch(/secret-token|secret-path/);
  expect(problemOf({ url: '${env:HOOK}', headers: { 'Content-Length': '1' } })).not.toBe('');
  expect(problemOf({ url: '${env:HOOK}', headers: { 'a b': '1' } })).not.toBe('');
});

test('the shape is generic unless it is said to be Slack', () => {
  expect(parsed({ url: '${env:HOOK}' }).data?.webhooks[0]?.shape).toBe('generic');
  expect(problemOf({ url: '${env:HOOK}', shape: 'teams' })).toBe('give generic or slack');
});
