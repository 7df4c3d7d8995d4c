import { sampleFile } from './sample-rows.ts';

const text = (options: Parameters<typeof sampleFile>[0]): string => [...sampleFile(options)].join('');

describe('sampleFile', () => {
  it('has the mix of the reference generator: about 9 % bad recipients and 16 % bad senders', () => {
    const rows = text({ rows: 20_000, seed: 7, format: 'csv' }).trimEnd().split('\n').slice(1);
    const badTo = rows.filter((row) => /^\+1500555000[12349],/.test(row)).length / rows.length;
    const badFrom = rows.filter((row) => !row.includes(',+15005550006,')).length / rows.length;
    expect(badTo).toBeCloseTo(5 / 55, 1);
    expect(badFrom).toBeCloseTo(4 / 25, 1);
  });

  it('gives the same file for the same seed and another content for another', () => {
    const options = { rows: 10, seed: 1, format: 'ndjson' } as const;
    expect(text(options)).toBe(text(options));
    expect(text({ ...options, seed: 2 })).not.toBe(text(options));
  });

  it('writes JSON that has its rows under messages', () => {
    const parsed = JSON.parse(text({ rows: 3, seed: 1, format: 'json' })) as { messages: object[] };
    expect(parsed.messages).toHaveLength(3);
  });
});
