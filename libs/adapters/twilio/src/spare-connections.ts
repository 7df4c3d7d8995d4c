import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

type Connector = buildConnector.connector;
type Target = Parameters<Connector>[0];

const longestSpareMs = 10_000;
const fewest = 4;

/**
 * Connections opened ahead of the calls that will need them, so that a first byte never waits for a TCP or TLS
 * handshake past its deadline. A spare is an idle socket: no request has been or will be made on it before it is taken.
 */
export class SpareConnections {
  readonly #open: { socket: Socket; target: Target; since: number }[] = [];
  #opening = 0;

  constructor(
    private readonly target: Target,
    private readonly connector: Connector,
    private readonly nowMs: () => number,
  ) {}

  /** What the pool calls for a new connection. */
  readonly connect: Connector = (options, callback) => {
    const spare = this.#take();
    if (spare === null) this.connector(options, callback);
    else queueMicrotask(() => callback(null, spare));
  };

  /**
   * Opens what is missing for the calls that are claimed, over `connected` connections of at most `most`. Claims stand
   * a quarter of a second ahead, and most answers come sooner: a quarter of them needs a connection of its own.
   */
  prepare(upcoming: number, connected: number, most: number): void {
    this.#dropOld();
    const wanted = Math.min(Math.max(fewest, Math.ceil(upcoming / 4) - connected), most - connected);
    for (let missing = wanted - this.#open.length - this.#opening; missing > 0; missing -= 1) this.#add();
  }

  close(): void {
    for (const { socket } of this.#open.splice(0)) socket.destroy();
  }

  #add(): void {
    this.#opening += 1;
    this.connector(this.target, (error, socket) => {
      this.#opening -= 1;
      if (error !== null || socket === null) return;
      const spare = { socket, target: this.target, since: this.nowMs() };
      socket.once('close', () => this.#forget(socket));
      socket.on('error', () => this.#forget(socket));
      socket.unref();
      this.#open.push(spare);
    });
  }

  #take(): Socket | null {
    this.#dropOld();
    const spare = this.#open.pop();
    if (spare === undefined) return null;
    spare.socket.ref();
    return spare.socket.destroyed || !spare.socket.writable ? this.#take() : spare.socket;
  }

  #dropOld(): void {
    const oldest = this.nowMs() - longestSpareMs;
    while ((this.#open[0]?.since ?? Number.POSITIVE_INFINITY) < oldest) this.#open.shift()?.socket.destroy();
  }

  #forget(socket: Socket): void {
    const at = this.#open.findIndex((spare) => spare.socket === socket);
    if (at >= 0) this.#open.splice(at, 1);
  }
}
