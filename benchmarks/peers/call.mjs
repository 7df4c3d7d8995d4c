// What all peers share: one call to the simulator's Messages API, the wait for the word to begin, and the rows.
import { createInterface } from 'node:readline';
import { Pool } from 'undici';

/** {url, sid, rate, rows, redisPort, run, first} */
export const job = JSON.parse(process.argv[2]);

const authorization = `Basic ${Buffer.from(`${job.sid}:simulator-needs-no-secret`).toString('base64')}`;
// Sockets for a whole second's calls at once: the pool must never be what paces.
const pool = new Pool(job.url, { connections: Math.max(64, Math.ceil(job.rate * 1.2)), pipelining: 1 });
const path = `/2010-04-01/Accounts/${job.sid}/Messages.json`;
const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };

/** Exactly one POST for one row; the answer is read to its end. */
export async function call(row) {
  const To = `+1415555${String(row % 10_000).padStart(4, '0')}`;
  const body = new URLSearchParams({ To, From: '+16285550000', Body: 'A reminder of your appointment.' }).toString();
  const answer = await pool.request({ method: 'POST', path, headers, body });
  await answer.body.dump();
  return answer.statusCode;
}

/** Says that all rows are held; resolves at the word to begin. When whoever started us is gone, so are we. */
export function begin() {
  return new Promise((resolve) => {
    const lines = createInterface({ input: process.stdin });
    lines.once('line', resolve);
    lines.once('close', () => process.exit(0));
    process.stdout.write('ready\n');
  });
}

process.on('SIGTERM', () => process.exit(0));
