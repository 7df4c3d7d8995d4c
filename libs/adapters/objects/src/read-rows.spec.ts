import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { FileRefused } from './file-refused.ts';
import { inspectContent } from './inspect-content.ts';
import { readRows } from './read-rows.ts';

const limits = { maxFileBytes: 64 * 1024 * 1024, maxRows: 1000, maxColumns: 50, maxFieldLength: 5000, maxJsonDepth: 8, maxGzipRatio: 100 };

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function read(bytes: Buffer, options: { size?: number; name?: string } = {}) {
  const open = (): AsyncIterable<Buffer> => pieces(bytes, options.size ?? 11);
  const facts = await inspectContent(open, options.name ?? 'list.csv', limits);
  const found = { facts, columns: [] as readonly string[], rows: [] as unknown[], hash: '', fault: null as unknown };
  try {
    for await (const part of readRows({ stored: open(), compression: facts.compression, format: facts.format, limits })) {
      if (part.kind === 'header') found.columns = part.columns;
      else if (part.kind === 'end') found.hash = part.fileHash;
      else
        found.rows.push(
          ...part.rows.map((row) => (row.kind === 'fields' ? row.fields : row.kind === 'object' ? row.value : row.fault.code)),
        );
    }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    found.fault = error.fault;
  }
  return found;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const text = 'To,Body\r\n+15005550006,"Grüße 😀, Don\'t"\r\n';
const rows = [['+15005550006', "Grüße 😀, Don't"]];
const utf16be = (value: string): Buffer => Buffer.from(value, 'utf16le').swap16();

describe('readRows', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 little endian with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 big endian with a mark', utf16be(`\ufeff${text}`)],
    ['UTF-16 little endian without a mark', Buffer.from(text, 'utf16le')],
    ['UTF-16 big endian without a mark', utf16be(text)],
    ['gzip', gzipSync(text)],
    ['gzip of UTF-16', gzipSync(Buffer.from(`\ufeff${text}`, 'utf16le'))],
    ['gzip in two members', Buffer.concat([gzipSync(text.slice(0, 20)), gzipSync(text.slice(20))])],
  ])('%s', async (_what, bytes) => {
    for (const size of [1, 3, 4096]) {
      const found = await read(bytes, { size });
      expect(found).toMatchObject({ columns: ['To', 'Body'], rows, fault: null });
      expect(found.hash).toBe(found.facts.fileHash);
    }
  });

  it('the same content is the same, packed or not, whatever its name', async () => {
    const plain = await read(Buffer.from(text));
    const packed = await read(gzipSync(text), { name: 'other.csv.gz' });
    expect(packed.facts.fileHash).toBe(plain.facts.fileHash);
    expect(plain.facts.fileHash).toBe(sha256(Buffer.from(text)));
  });

  it.each([
    ['an array', '[{"To":"1"}]', 'a.json', 'json'],
    ['messages', '{"messages": [{"To":"1"}]}', 'a.json', 'json'],
    ['messages over several lines', '{\n "messages": [\n{"To":"1"}]}', 'a.csv', 'json'],
    ['objects on lines', '{"To":"1"}\n', 'a.txt', 'ndjson'],
    ['objects on lines, by name', '{"To":"1"}', 'a.jsonl', 'ndjson'],
    ['after a byte order mark', '\ufeff[{"To":"1"}]', 'a.json', 'json'],
  ])('%s: the format follows from the content', async (...[, content, name, format]) => {
    expect(await read(Buffer.from(content), { name })).toMatchObject({ facts: { format }, rows: [{ To: '1' }], fault: null });
  });

  it.each([
    ['an empty file', Buffer.alloc(0), { code: 'empty-file' }],
    ['a byte order mark alone', Buffer.from('\ufeff'), { code: 'empty-file' }],
    ['an Excel workbook', Buffer.from('504b030414000600', 'hex'), { code: 'binary-file' }],
    ['an image', Buffer.from('89504e470d0a1a0a', 'hex'), { code: 'binary-file' }],
    ['zero bytes', Buffer.from('a,b\0c\n1,2'), { code: 'binary-file' }],
    ['zero bytes far inside', Buffer.from(`a,b\n${'1,2\n'.repeat(3000)}x\0,2\n`), { code: 'binary-file', line: 3002 }],
    ['Latin-1', Buffer.from('a,b\n1,2\n3,Gr\xfc\xdfe\n', 'latin1'), { code: 'encoding', line: 3 }],
    ['a cut gzip', gzipSync(text.repeat(20)).subarray(0, 60), { code: 'broken-gzip' }],
    ['a damaged gzip', Buffer.concat([gzipSync(text).subarray(0, 12), Buffer.from('damage damage damage')]), { code: 'broken-gzip' }],
    ['a gzip bomb', gzipSync(`a,${'b'.repeat(4000)}\n`.repeat(3000)), { code: 'gzip-ratio' }],
    ['gzip in gzip', gzipSync(gzipSync(text)), { code: 'binary-file' }],
  ])('%s is refused', async (_what, bytes, fault) => {
    const found = await read(bytes, { size: 65_536 });
    expect(found.fault).toMatchObject(fault);
    expect(found.facts.fileHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('hands out the rows before the place where a file breaks', async () => {
    const found = await read(Buffer.from('a,b\n1,2\n3,4\n5,"6\n7,8\n'), { size: 4096 });
    expect(found).toMatchObject({
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
      fault: { code: 'broken-quotes', line: 4 },
    });
  });

  it('refuses more bytes than the limit', async () => {
    const small = { ...limits, maxFileBytes: 10 };
    const run = async (): Promise<void> => {
      for await (const part of readRows({ stored: pieces(Buffer.from(text), 8), compression: 'none', format: 'csv', limits: small }))
        void part;
    };
    await expect(run()).rejects.toMatchObject({ fault: { code: 'too-large' } });
  });
});
