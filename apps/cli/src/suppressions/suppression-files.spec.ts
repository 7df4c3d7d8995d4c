import { contactOf } from '@paceline/contracts';
import { SuppressionIndex } from '@paceline/domain/sending';
import { CliError } from '../exit-code.ts';
import { consentItems, linesOf, listRows } from './export-suppressions.ts';
import { changesOf, checkSuppressionFile } from './import-suppressions.ts';

const now = 1_800_000_000_000_000;
const contactKey = 'key';
const [number, sender] = ['+15005550009', '+15005550006'];
const hash = (address: string): string => contactOf(contactKey, address);

const check = (text: string) => checkSuppressionFile({ name: 'file', bytes: Buffer.from(text), contactKey, by: 'ann', now });

async function tableOf(...texts: string[]): Promise<SuppressionIndex> {
  const table = new SuppressionIndex();
  for (const text of texts) changesOf((await check(text)).wishes, table, now);
  return table;
}

const consents = (...items: object[]): string => JSON.stringify({ Items: items });
const optOut = { contact_id: number, correlation_id: 'x', sender_id: sender, status: 'opt-out', source: 'website' };

describe('a file of suppressions', () => {
  it('is a list or consents by its columns, CSV or JSON by its beginning', async () => {
    expect((await check(`contact\n${number}\n`)).kind).toBe('list');
    expect((await check(`\uFEFFcontact;channel\r\n${number};sms\r\n`)).wishes).toMatchObject([{ channel: 'sms' }]);
    expect((await check(`contact_id,sender_id,status\n${number},${sender},opt-out\n`)).kind).toBe('consents');
    expect((await check(consents(optOut))).wishes).toMatchObject([{ contact: hash(number), scope: hash(sender) }]);
    expect((await check(JSON.stringify([JSON.stringify(optOut)]))).wishes).toHaveLength(1);
    expect((await check(JSON.stringify({ schemaVersion: 1, rows: [{ contact: hash(number), expiresAt: null }] }))).wishes).toHaveLength(1);
  });

  it('has all its problems told at once, by their lines, and none of its numbers', async () => {
    const { problems, wishes } = await check(
      `contact,channel\n${number},sms\n5005550009,sms\n\n${number}\n${number},fax\n"${number}"x,sms\n`,
    );
    expect(problems.map(({ place }) => place)).toEqual(['line 3', 'line 5', 'line 6', 'line 7']);
    expect(wishes).toHaveLength(1);
    expect(JSON.stringify({ problems, wishes })).not.toMatch(/500555/);
  });

  it.each([
    ['nothing', '', /holds no bytes/],
    ['a header alone', 'contact\n', /no entries/],
    ['a column nobody knows', `contact,expires\n${number},\n`, /unknown column expires/],
    ['broken JSON', `{"Items": [{"contact_id": "${number}"`, /^file line 1: the JSON/],
    ['JSON of another shape', '{"contacts": []}', /"Items"/],
    ['an open quote', `contact\n"${number}\n`, /^file line 2: .*never closed/],
  ])('with %s is refused as a whole', async (_what, text, message) => {
    const refusal = await check(text).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CliError);
    expect((refusal as CliError).message).toMatch(message);
    expect(refusal).toMatchObject({ exitCode: 3 });
    expect((refusal as CliError).message).not.toMatch(/500555/);
  });
});

describe('what goes out', () => {
  const known = { numbers: new Map([[hash(number), number]]), senders: new Map([[hash(sender), sender]]) };
  const nothing = { numbers: new Map<string, string>(), senders: new Map<string, string>() };

  it('is hashes, or numbers where they are known, and comes in again as the same', async () => {
    const table = await tableOf(`contact,channel,sender,reason\n${number},sms,${sender},left\n`);
    const lines = linesOf(table, now);
    expect(listRows(lines, nothing)).toEqual([
      { contact: hash(number), channel: 'sms', sender: hash(sender), reason: 'left', expiresAt: '' },
    ]);
    for (const rows of [listRows(lines, nothing), listRows(lines, known)]) {
      const { wishes } = await check(JSON.stringify({ rows }));
      expect(changesOf(wishes, table, now + 1).counts).toMatchObject({ added: 0, changed: 0, unchanged: 1 });
    }
  });

  it("is Twilio's consents: opt-outs of known numbers, one per sender; the others are counted", async () => {
    const other = '+15005550010';
    const table = await tableOf(
      consents({ ...optOut, date_of_consent: '2026-02-01T00:00:00Z' }, { ...optOut, contact_id: other }),
      `contact,channel,sender\n${number},sms,\n${number},voice,\n${number},,value\n`,
    );
    const { items, leftOut } = consentItems(linesOf(table, now), known);
    expect(items).toHaveLength(2);
    expect(items).toContainEqual({
      ...{ contact_id: number, sender_id: sender, status: 'opt-out', source: 'others' },
      ...{ correlation_id: expect.stringMatching(/^[0-9a-f]{32}$/), date_of_consent: '2026-02-01T00:00:00.000000Z' },
    });
    expect(new Set(items.map(({ correlation_id: id }) => id)).size).toBe(2);
    expect(leftOut).toBe(1);
  });
});
