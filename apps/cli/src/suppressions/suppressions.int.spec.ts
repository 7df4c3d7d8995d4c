// The commands against real Kafka: what they write is what a reader of the table stops.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { applyTopics, connectKafka, KafkaFactWriter, TableLog } from '@paceline/adapter-kafka';
import { applySchemas, Codec, contactOf, event, keyOf, metaOf, registryIds, type EventOf } from '@paceline/contracts';
import { SuppressionIndex } from '@paceline/domain/sending';
import { runCli } from '../program.ts';
import { quietLogger as logger } from '../quiet-logger.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-suppressions-'));
const contactKey = `spec-${process.pid}-${Math.floor(performance.now())}`;
const registry = { url: process.env['SCHEMA_REGISTRY_URL'] ?? '' };
const codec = new Codec(registryIds(registry));
const kafka = connectKafka({ brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','), clientId: 'suppressions-spec' }, logger);
const now = () => Math.round((performance.timeOrigin + performance.now()) * 1_000);
const clock = { wallMicros: now, monotonicMs: () => performance.now() };
const tables = new TableLog({ kafka, codec, clock, logger });
const table = tables.table<EventOf<'SuppressionSet'>>('paceline.suppressions');
const index = new SuppressionIndex();
const facts = new KafkaFactWriter({ kafka, codec, logger });

/** Runs a command as `main.ts` does; what it prints is told, not shown. */
async function paceline(...args: string[]): Promise<{ code: number; out: string; problems: string }> {
  let [out, problems] = ['', ''];
  const printed = jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  const told = jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((problems += String(text)), true));
  try {
    const code = await runCli(['--data-dir', folder, ...args]);
    return { code, out, problems };
  } finally {
    printed.mockRestore();
    told.mockRestore();
    process.exitCode = undefined;
  }
}

/** Looks again after each record of the table. */
const until = (holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!holds()) return;
      stop();
      resolve();
    };
    const stop = table.onChange(look);
    look();
  });

const schema = new URL('../../../../docs/reference/schemas/suppressions.schema.json', import.meta.url);
const fits = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')) as object);

async function answer<T>(...args: string[]): Promise<T> {
  const { code, out, problems } = await paceline('-o', 'json', 'suppressions', ...args);
  if (code !== 0) throw new Error(`exit ${code}: ${problems}`);
  const parsed = JSON.parse(out) as T;
  expect([fits(parsed), fits.errors]).toEqual([true, null]);
  return parsed;
}

const hashOf = (number: string) => contactOf(contactKey, number);
const isStopped = (number: string) => index.find({ contact: hashOf(number), channels: ['sms'], sender: '' }, now()) !== undefined;

function fileOf(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** As the router writes it. */
async function answered(number: string, code: number, at: number): Promise<void> {
  const meta = metaOf('SuppressionSet', { natural: [number, code, at], at, correlationId: 'b1' });
  const said = { channel: 'sms', scope: '*', origin: `code:${code}`, reason: '', expiresAt: null, lifted: false, by: '', asOf: null };
  const data = { meta, contact: hashOf(number), ...said };
  const key = keyOf(event('SuppressionSet', data));
  await facts.write([{ topic: 'paceline.suppressions', key, event: event('SuppressionSet', data) }]);
  await until(() => table.get(key) !== undefined);
}

beforeAll(async () => {
  process.env['PACELINE_CONTACT_KEY'] = contactKey;
  await Promise.all([applyTopics(kafka), applySchemas(registry)]);
  await codec.warm(['SuppressionSet']);
  table.onChange((key, data) => index.apply(key, data));
  await Promise.all([tables.start(), facts.start()]);
});

afterAll(async () => {
  await tables.stop();
  await facts.stop();
  delete process.env['PACELINE_CONTACT_KEY'];
  rmSync(folder, { recursive: true, force: true });
});

describe('suppressions by hand', () => {
  const number = '+15005550101';

  it('an add stops the contact for whoever reads the table', async () => {
    expect(isStopped(number)).toBe(false);
    const said = await answer('add', number, '--channel', 'sms', '--reason', 'asked by phone', '--by', 'ann');
    expect(said).toMatchObject({ contact: hashOf(number), channel: 'sms', scope: '*', change: 'added' });
    await until(() => isStopped(number));
    expect(await answer('add', number, '--channel', 'sms', '--reason', 'asked by phone', '--by', 'ann')).toMatchObject({
      change: 'unchanged',
    });
  });

  it('a lift needs a reason, frees the contact, and holds against what is older', async () => {
    expect(await paceline('suppressions', 'lift', number)).toMatchObject({ code: 2 });
    await answered(number, 30_006, now());
    const { lifted } = await answer<{ lifted: object[] }>('lift', number, '--reason', 'number has a new owner', '--by', 'bob');
    expect(lifted).toMatchObject([{ origin: 'code:30006' }, { origin: 'operator', liftedBy: 'bob', liftedFor: 'number has a new owner' }]);
    await until(() => !isStopped(number));
    await answered(number, 21_614, now() - 3_600_000_000);
    expect(isStopped(number)).toBe(false);
    await answered(number, 21_614, now());
    expect(isStopped(number)).toBe(true);
  });

  it('list shows what holds, and with --all what was lifted', async () => {
    const { rows } = await answer<{ rows: object[] }>('list', number);
    expect(rows).toMatchObject([{ contact: hashOf(number), origin: 'code:21614', state: 'holds' }]);
    const all = await answer<{ rows: object[] }>('list', number, '--all');
    expect(all.rows).toHaveLength(3);
  });
});

describe('suppressions by file', () => {
  const numbers = ['+15005550111', '+15005550112'];
  const list = ['contact,channel,sender,reason,expiresAt', `${numbers[0]},sms,,left us,`, `${numbers[1]},,,,2200-01-01T00:00:00Z`];

  it('a file with problems is told line by line and changes nothing', async () => {
    const broken = fileOf('broken.csv', [...list, '5005550113,sms,,,', `${numbers[0]},fax,,,`]);
    const { code, problems } = await paceline('suppressions', 'import', broken);
    expect(code).toBe(3);
    expect(problems).toMatch(/^line 4: contact: .*\nline 5: channel: .*\n.*nothing is imported/);
    expect(problems).not.toContain('5005550113');
    expect(await answer('import', broken, '--skip-invalid', '--check')).toMatchObject({ added: 2, written: false });
    expect(numbers.some(isStopped)).toBe(false);
  });

  it('a list is imported once, however often it is given', async () => {
    const file = fileOf('list.csv', list);
    expect(await answer('import', file)).toMatchObject({ kind: 'list', entries: 2, added: 2, unchanged: 0 });
    await until(() => numbers.every(isStopped));
    expect(await answer('import', file)).toMatchObject({ added: 0, changed: 0, unchanged: 2 });
  });

  it('consents suppress and lift by their dates', async () => {
    const consent = (status: string, date: string) => ({
      contact_id: '+15005550121',
      sender_id: '+15005550006',
      status,
      date_of_consent: date,
    });
    const items = [consent('opt-in', '2026-02-01T00:00:00Z'), consent('opt-out', '2026-03-01T00:00:00Z')];
    const file = fileOf('consents.json', [JSON.stringify({ Items: items })]);
    expect(await answer('import', file)).toMatchObject({ kind: 'consents', added: 1, lifted: 1 });
    const query = { contact: hashOf('+15005550121'), channels: ['sms'], sender: hashOf('+15005550006') };
    await until(() => index.find(query, now()) !== undefined);
    expect(await answer('import', file)).toMatchObject({ added: 0, lifted: 0, unchanged: 2 });
  });

  it('what is exported holds hashes, numbers only where a file brings them, and can be imported', async () => {
    const hashed = await paceline('suppressions', 'export');
    expect(hashed.out).toContain(`${hashOf(numbers[0] ?? '')},sms,,left us,`);
    expect(hashed.out).not.toContain('5005550');
    const known = fileOf('customers.csv', ['phone', ...numbers]);
    const { out } = await paceline('suppressions', 'export', '--numbers', known);
    expect(out).toContain(`${numbers[1]},*,,,2200-01-01T00:00:00.000000Z`);
    const again = await answer<Record<string, number>>('import', fileOf('again.csv', [out.trim()]));
    expect(again).toMatchObject({ ok: true, changed: 0 });
  });

  it('no record of the table holds a number', () => {
    for (const [key, data] of table.entries()) expect(`${key} ${JSON.stringify(data)}`).not.toMatch(/5005550/);
  });
});
