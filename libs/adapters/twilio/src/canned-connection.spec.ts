import { Pool } from 'undici';
import { cannedConnector } from './canned-connection.ts';

describe('a connection to nobody', () => {
  it('answers every request in memory, with and without a body', async () => {
    const pool = new Pool('http://127.0.0.1', { connect: cannedConnector, connections: 1 });
    for (const body of ['a=1', null, 'b'.repeat(5_000)]) {
      const response = await pool.request({ path: '/x', method: body === null ? 'GET' : 'POST', body });
      expect([response.statusCode, await response.body.json()]).toMatchObject([201, { status: 'queued' }]);
    }
    await pool.destroy();
  });
});
