import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** The request whose head undici is writing in this very stack; it publishes between start and write. */
let starting: WrittenBytes | null = null;

subscribe('undici:client:sendHeaders', (message) => {
  starting?.attach((message as { socket: Socket }).socket);
  starting = null;
});

/** Counts what one request handed to its socket. Sockets carry one request at a time (pipelining 1). */
export class WrittenBytes {
  #socket: Socket | null = null;
  #before = 0;

  attach(socket: Socket): void {
    this.#socket = socket;
    this.#before = socket.bytesWritten;
  }

  /** At least 1 once the request has started: unsure counts as written. */
  count(): number {
    return this.#socket === null ? 1 : Math.max(1, this.#socket.bytesWritten - this.#before);
  }
}

/** Call it where undici announces the start of the request: the head is written next, in the same stack. */
export function countHead(counter: WrittenBytes): void {
  starting = counter;
}
