import { createConnection } from 'node:net';
import type { Settings } from '@paceline/runtime';

const loopback = /^(localhost|127\.|\[::1\])/;

/** Does anybody listen there now? */
function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * The port our simulator should have: where the first account's base URL points on this machine and nobody answers yet.
 * Null when every account has a server already: then the calls go there and we have no ledger.
 */
export async function simulatorPort({ accounts }: Pick<Settings, 'accounts'>): Promise<number | null> {
  for (const { baseUrl, mode } of accounts) {
    const url = new URL(baseUrl);
    if (mode === 'live' || !loopback.test(url.hostname) || url.protocol !== 'http:') continue;
    const port = Number(url.port === '' ? 80 : url.port);
    if (!(await answers(port, url.hostname.replace(/[[\]]/g, '')))) return port;
  }
  return null;
}
