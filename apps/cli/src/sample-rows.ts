/**
 * The reference mix: recipients and senders of which some are magic numbers that Twilio answers with an error,
 * about 9 % of the recipients and 16 % of the senders. Every run draws another range of plain numbers.
 */
const badRecipients = ['+15005550001', '+15005550002', '+15005550003', '+15005550004', '+15005550009'] as const;
const plainRecipients = 50;
const badSenders = ['+15005550001', '+15005550007', '+15005550008', '+15005551234'] as const;
const goodSender = '+15005550006';
const goodSenders = 21;

export interface SampleOptions {
  readonly rows: number;
  /** Distinguishes the content of one run from all others, and moves its number range. */
  readonly seed: number;
  readonly format: 'csv' | 'json' | 'ndjson';
}

interface SampleRow {
  readonly To: string;
  readonly From: string;
  readonly Body: string;
}

/** A small linear congruential generator: the same seed gives the same file on every machine. */
function draws(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function* sampleRows({ rows, seed }: SampleOptions): Generator<SampleRow> {
  const draw = draws(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(draw() * from.length)] as T;
  // NANP numbers of the fictional 555-01xx kind would be too few: the range moves with the seed inside area code 500.
  const base = 2_000_000 + (seed % 7_000) * 1_000;
  const recipients = [...badRecipients, ...Array.from({ length: plainRecipients }, (_, i) => `+1500${String(base + i).padStart(7, '0')}`)];
  const senders = [...badSenders, ...Array.from({ length: goodSenders }, () => goodSender)];
  for (let row = 1; row <= rows; row += 1) {
    yield { To: pick(recipients), From: pick(senders), Body: `Sample ${seed}: message ${row} of ${rows}` };
  }
}

const csvField = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** The file's text, piece by piece, so that a million rows need no memory. */
export function* sampleFile(options: SampleOptions): Generator<string> {
  if (options.format === 'csv') yield 'To,From,Body\n';
  if (options.format === 'json') yield '{"messages":[\n';
  let first = true;
  for (const row of sampleRows(options)) {
    if (options.format === 'csv') yield `${[row.To, row.From, row.Body].map(csvField).join(',')}\n`;
    else if (options.format === 'ndjson') yield `${JSON.stringify(row)}\n`;
    else yield `${first ? '' : ',\n'}${JSON.stringify(row)}`;
    first = false;
  }
  if (options.format === 'json') yield '\n]}\n';
}
