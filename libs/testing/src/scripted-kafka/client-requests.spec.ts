import { createRequire } from 'node:module';
import { jest } from '@jest/globals';

// Pins the patch of the client: network/requestQueue, the open requests of a connection and their time limits.

interface RequestQueue {
  push(request: object): void;
  fulfillRequest(answer: object): void;
  rejectAll(error: Error): void;
  scheduleRequestTimeoutCheck(): void;
  maybeThrottle(ms: number): void;
  waitingMs(): number;
  destroy(): void;
}

interface SocketRequest {
  readonly duration: number;
  readonly pendingDuration: number;
  send(): void;
  rejected(error: Error): void;
}

const require = createRequire(import.meta.url);
const Queue = require('kafkajs/src/network/requestQueue') as new (options: object) => RequestQueue;
const Pool = require('kafkajs/src/network/connectionPool') as new (options: object) => { pool: object[]; waitingMs(): number };

const logger = { debug: () => undefined, warn: () => undefined };
let queue: RequestQueue;
let sent: number[];
let failed: string[];
let durations: number[];
let givenUp: number;
let ids: number;

const newQueue = (options: object = {}): void => {
  queue = new Queue({
    requestTimeout: 1_000,
    enforceRequestTimeout: true,
    logger,
    onTimeout: () => (givenUp += 1),
    instrumentationEmitter: {
      emit: (_: string, { duration }: { duration?: number }) => duration !== undefined && durations.push(duration),
    },
    ...options,
  });
  queue.scheduleRequestTimeoutCheck();
};

function push(requestTimeout: number | null = null): number {
  const correlationId = ids++;
  const reject = (error: Error): void => void failed.push(`${correlationId} ${error.name}`);
  const entry = { correlationId, apiName: 'Metadata', apiKey: 3, apiVersion: 1, resolve: () => undefined, reject };
  queue.push({ entry, expectResponse: true, requestTimeout, sendRequest: () => void sent.push(correlationId) });
  return correlationId;
}

const answer = (correlationId: number): void => queue.fulfillRequest({ correlationId, payload: Buffer.alloc(0), size: 0 });

beforeEach(() => {
  jest.useFakeTimers();
  [sent, failed, durations, givenUp, ids] = [[], [], [], 0, 0];
  newQueue();
});

afterEach(() => {
  queue.destroy();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('an answer is overdue', () => {
  test('after the limit of the request, even if that is below the default', () => {
    push(200);
    jest.advanceTimersByTime(400);
    expect([failed, givenUp]).toEqual([['0 KafkaJSRequestTimeoutError'], 1]);
  });

  test('only for the oldest request: the others wait behind it', () => {
    push(5_000);
    push(200);
    jest.advanceTimersByTime(1_000);
    expect([failed, givenUp]).toEqual([[], 0]);
  });

  test('its limit after the answer before it, not sooner', () => {
    push(5_000);
    push(500);
    jest.advanceTimersByTime(450);
    answer(0);
    jest.advanceTimersByTime(400);
    expect(failed).toEqual([]);
    jest.advanceTimersByTime(300);
    expect(failed).toEqual(['1 KafkaJSRequestTimeoutError']);
  });

  test('not while this process stood still: answers that came meanwhile are read first', () => {
    push(500);
    jest.advanceTimersByTime(150);
    const now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now + 5_000);
    jest.advanceTimersByTime(100);
    expect(failed).toEqual([]);
    clock.mockRestore();
    answer(0);
    expect([failed, givenUp]).toEqual([[], 0]);
  });

  test.each([3_600_000, -3_600_000])('not because the wall clock was set by %d ms', (step) => {
    push();
    jest.setSystemTime(Date.now() + step);
    jest.advanceTimersByTime(900);
    expect(failed).toEqual([]);
    jest.advanceTimersByTime(300);
    expect(failed).toEqual(['0 KafkaJSRequestTimeoutError']);
  });
});

test('a step of the wall clock does not change the duration of a request', () => {
  push();
  jest.advanceTimersByTime(50);
  jest.setSystemTime(Date.now() - 3_600_000);
  answer(0);
  expect(durations).toEqual([50]);
});

test('nor that of its wait, nor that of one that fails', () => {
  const SocketRequest = require('kafkajs/src/network/requestQueue/socketRequest') as new (options: object) => SocketRequest;
  const request = new SocketRequest({ entry: { reject: () => undefined }, send: () => undefined });
  jest.advanceTimersByTime(30);
  jest.setSystemTime(Date.now() - 3_600_000);
  request.send();
  expect(request.pendingDuration).toBe(30);
  jest.advanceTimersByTime(50);
  jest.setSystemTime(Date.now() - 3_600_000);
  request.rejected(new Error('closed'));
  expect(request.duration).toBe(50);
});

test.each([3_600_000, -3_600_000])('throttling lasts as long as the broker says when the wall clock is set by %d ms', (step) => {
  queue.maybeThrottle(400);
  jest.setSystemTime(Date.now() + step);
  push();
  expect(sent).toEqual([]);
  jest.advanceTimersByTime(450);
  expect(sent).toEqual([0]);
});

describe('no timer runs', () => {
  beforeEach(() => {
    queue.destroy();
    newQueue({ enforceRequestTimeout: false, maxInFlightRequests: 1 });
  });

  test('when nothing is asked', () => {
    push();
    answer(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('when requests wait for an earlier answer, which sends them', () => {
    push();
    push();
    expect([sent, jest.getTimerCount()]).toEqual([[0], 0]);
    answer(0);
    expect([sent, jest.getTimerCount()]).toEqual([[0, 1], 0]);
  });
});

describe('the delay of a broker', () => {
  test('is that of the oldest request of a connection', () => {
    expect(queue.waitingMs()).toBe(0);
    push();
    jest.advanceTimersByTime(300);
    push();
    expect(queue.waitingMs()).toBe(300);
    queue.rejectAll(new Error('closed'));
    expect(queue.waitingMs()).toBe(0);
  });

  test.each([
    [[300, 0], 300],
    [[300, 900], 300],
    [[0, 1_100], 1_100],
  ])('is that of its connections (%j ms) = %d ms, where a fetch may wait for records for a second', (waits, counted) => {
    const pool = new Pool({ logger: { namespace: () => ({ namespace: () => logger }) } });
    pool.pool = waits.map((ms) => ({ waitingMs: () => ms }));
    expect(pool.waitingMs()).toBe(counted);
  });
});
