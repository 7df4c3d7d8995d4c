import { describe, expect, it } from '@jest/globals';
import { findProcess, isSecretName, recordOf, withProcess, type RunFile } from './run-file.ts';

const plan = {
  name: 'sender',
  command: ['node', 'main.ts'],
  env: { PORT: '18093', PACELINE_CONTACT_KEY: 'hidden', TWILIO_AUTH_TOKEN: 'hidden', PACELINE_CONTACT_KEY_FILE: '/run/key' },
  cwd: '/work',
  logFile: '/data/logs/sender.log',
  ports: [18_093],
  healthUrl: 'http://127.0.0.1:18093/readyz',
  readyWithinMs: 1_000,
  stopWithinMs: 1_000,
};
const record = recordOf(plan, { pid: 7, startedAt: '1' }, null);
const run: RunFile = {
  schemaVersion: 1,
  dataDir: '/data',
  portBase: 18_080,
  supervisor: { pid: 1, startedAt: '0' },
  startedAt: '2026-11-22T00:00:00.000Z',
  urls: { kafka: null, registry: null, clickhouse: null, simulator: null, collector: null },
  processes: [record, { ...record, name: 'pacer' }],
};

describe('run.json', () => {
  it('never holds a secret: only its name, or the path of its file', () => {
    expect(record.env).toEqual({ PORT: '18093', PACELINE_CONTACT_KEY_FILE: '/run/key' });
    expect(record.withheldEnv).toEqual(['PACELINE_CONTACT_KEY', 'TWILIO_AUTH_TOKEN']);
    expect(JSON.stringify(record)).not.toContain('hidden');
  });

  it.each([
    ['KAFKA_SASL_PASSWORD', true],
    ['SIMULATOR_USERS', true],
    ['API_KEYS', true],
    ['CLICKHOUSE_PASSWORD_FILE', false],
    ['SIMULATOR_KEEP_RECORDS', false],
    ['KAFKA_BROKERS', false],
  ])('%s is a secret: %s', (name, secret) => expect(isSecretName(name)).toBe(secret));

  it('keeps the order of processes when one is replaced', () => {
    const replaced = withProcess(run, { ...record, pid: 8 });
    expect(replaced.processes.map(({ name, pid }) => [name, pid])).toEqual([
      ['sender', 8],
      ['pacer', 7],
    ]);
    expect(withProcess(run, { ...record, name: 'archiver' }).processes.at(-1)?.name).toBe('archiver');
  });

  it('names the processes there are when one is asked for that is not', () => {
    expect(() => findProcess(run, 'router')).toThrow('no process is called router; there are: sender, pacer.');
  });
});
