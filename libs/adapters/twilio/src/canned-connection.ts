import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

const body = JSON.stringify({ sid: `SM${'0'.repeat(32)}`, status: 'queued', error_code: null, error_message: null });
const answer = [
  'HTTP/1.1 201 Created',
  'Content-Type: application/json',
  'Twilio-Request-Id: RQ00000000000000000000000000000000',
  'Connection: keep-alive',
  `Content-Length: ${Buffer.byteLength(body)}`,
  '',
  body,
].join('\r\n');

/** A connection to nobody: accepts every request and answers it at once, in memory. */
class CannedConnection extends Duplex {
  #head = '';
  #left = 0;

  override _read(): void {
    // Pushed when a request is complete.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#take(chunk.toString('latin1'));
    done();
  }

  #take(text: string): void {
    if (this.#left > 0) return this.#takeBody(text.length);
    this.#head += text;
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const sent = this.#head.length - end - 4;
    this.#left = Number(/content-length: (\d+)/i.exec(this.#head)?.[1] ?? 0);
    this.#head = '';
    this.#takeBody(sent);
  }

  #takeBody(length: number): void {
    this.#left -= length;
    if (this.#left <= 0) this.push(answer);
  }
}

export const cannedConnector: buildConnector.connector = (_options, callback) => {
  // All that the pool uses of a socket is a stream's.
  queueMicrotask(() => callback(null, new CannedConnection() as unknown as Socket));
};
