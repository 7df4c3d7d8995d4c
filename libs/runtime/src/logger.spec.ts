import { createLogger } from './logger.ts';
import { maskText } from './masking.ts';
import { Secret } from './secret.ts';

const REQUEST = '0123456789abcdef0123456789abcdef';

describe('a log line', () => {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'pacer',
    instance: 'pacer-1-abc',
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
  });
  const last = () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;

  test('keeps allowed fields and names the dropped ones', () => {
    logger.info({ requestId: REQUEST, offset: 123456789, to: '+15005550006', body: 'hello', headers: {} }, 'slot granted');
    expect(last()).toMatchObject({
      service: 'pacer',
      msg: 'slot granted',
      requestId: REQUEST,
      offset: 123456789,
      dropped: ['body', 'headers'],
    });
    expect(lines.at(-1)).not.toMatch(/5005550006|hello/);
  });

  test.each([
    () => logger.info('called +1 500 555 0006 and 15005550006'),
    () => logger.info({ problem: 'To=%2B15005550006' }, 'x'),
    () => logger.info('to %s %d', '15005550006', 15005550006),
    () => logger.error(new Error('cannot call +15005550006', { cause: new Error('15005550006') })),
    () => logger.error({ err: Object.assign(new Error('15005550006'), { to: '+15005550006' }) }, 'failed'),
    () => logger.child({ name: '+15005550006', phone: '+15005550006' }).info('x'),
    () => logger.child({ lane: 'x' }).child({ name: '+15005550006', phone: '+15005550006' }).info('x'),
    () => logger.info({ counts: { '+15005550006': 1, list: ['(500) 555-0006'] } }, 'x'),
  ])('has no phone number (%#)', (write) => {
    write();
    expect(lines.at(-1)).not.toMatch(/5005550006|500 555 0006|555-0006/);
    expect(lines.at(-1)).toContain('[number]');
  });

  test('has no secret', () => {
    logger.info({ settings: { token: new Secret('hush') } }, 'x');
    expect(lines.at(-1)).not.toContain('hush');
  });

  test('has an error with its type, code and stack', () => {
    logger.error({ err: Object.assign(new TypeError('broken'), { code: 'ECONNREFUSED' }) }, 'failed');
    expect(last()['err']).toMatchObject({
      type: 'TypeError',
      message: 'broken',
      code: 'ECONNREFUSED',
      stack: expect.stringContaining('logger.spec'),
    });
    logger.error(new Error('alone'));
    expect(last()).toMatchObject({ msg: 'alone', err: { message: 'alone' } });
  });

  test('keeps ids and positions readable', () => {
    const kept = `request ${REQUEST}#1 lane messages:abc123456789 SM${REQUEST} 127.0.0.1:18081 2026-11-22T04:54:45.123456Z`;
    expect(maskText(kept)).toBe(kept);
    logger.info({ position: 'paceline.slots-3-12345678', attemptId: `${REQUEST}#12` }, 'x');
    expect(last()).toMatchObject({ position: 'paceline.slots-3-12345678', attemptId: `${REQUEST}#12` });
  });
});
