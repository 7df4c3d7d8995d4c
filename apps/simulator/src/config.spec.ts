import { expect, it } from '@jest/globals';
import { readConfig } from './config.ts';

it('an empty environment gives the defaults', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 18_080,
    settings: { cap: 100, latency: { medianMs: 98, p99Ms: 120 }, magic: true, strictFrom: false },
  });
});

it('SIMULATOR_PORT wins over PORT, and a median alone keeps the usual spread', () => {
  const config = readConfig({
    PORT: '1',
    SIMULATOR_PORT: '2',
    SIMULATOR_LATENCY_MEDIAN_MS: '0',
    SIMULATOR_CAP: '7',
    SIMULATOR_MAGIC: 'off',
  });
  expect(config).toMatchObject({ port: 2, settings: { cap: 7, latency: { medianMs: 0, p99Ms: 0 }, magic: false } });
});

it('users are read from JSON', () => {
  expect(readConfig({ SIMULATOR_USERS: '{"AC1":{"secret":"s"}}' }).users).toEqual({ AC1: { secret: 's' } });
});

it('fault rules and a faulty TLS listener are read from the environment', () => {
  const rules = '[{"match":{"toSuffix":"99"},"action":{"type":"code","code":20003},"count":2}]';
  expect(readConfig({ SIMULATOR_FAULTS: rules, SIMULATOR_TLS_PORT: '0', SIMULATOR_TLS_FAULT: 'expired' })).toMatchObject({
    faults: [{ match: { toSuffix: '99' }, action: { type: 'code', code: 20003, when: 'before' }, count: 2 }],
    tls: { port: 0, fault: 'expired' },
  });
  expect(() => readConfig({ SIMULATOR_FAULTS: '[{"action":{"type":"code","code":1}}]' })).toThrow(/SIMULATOR_FAULTS/);
});

it('every problem is named at once', () => {
  const read = () => readConfig({ PORT: 'x', SIMULATOR_MAGIC: 'yes', SIMULATOR_USERS: '{' });
  expect(read).toThrow(/PORT/);
  expect(read).toThrow(/SIMULATOR_MAGIC/);
  expect(read).toThrow(/SIMULATOR_USERS/);
});
