// The floor: the same request by hand over the same HTTP library, its answer parsed.
import { Pool } from 'undici';
import { rowOf, secret, type ClientJob, type OneCall } from './sender-client.ts';

export function openUndici({ url, sid, callers }: ClientJob): OneCall {
  const pool = new Pool(url, { connections: callers, pipelining: 1 });
  const path = `/2010-04-01/Accounts/${sid}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${sid}:${secret}`).toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  return async (row) => {
    const body = new URLSearchParams(rowOf(row)).toString();
    const answer = await pool.request({ method: 'POST', path, headers, body });
    return ((await answer.body.json()) as { sid: string | null }).sid;
  };
}
