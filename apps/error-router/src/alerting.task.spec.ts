import { event, metaOf, type Event } from '@paceline/contracts';
import { ControlIndex, controlIdOf, controlSet } from '@paceline/domain/controls';
import { AlertBoard, type AlertMessage } from '@paceline/domain/alerting';
import type { InputRecord, PoisonRecord } from '@paceline/pipeline';
import { Registry } from 'prom-client';
import { AlertMetrics } from './alert-metrics.ts';
import type { Told } from './alert-webhooks.ts';
import { AlertingTask, type AlertingParts } from './alerting.task.ts';
import { FakeLog } from './fake-opening.suite.ts';

const breaker = 'account:demo/breaker/breaker';
const base = { topic: 'paceline.signals', partition: 0, offset: 0, key: 'demo', headers: {}, timestampMs: 0 } as const;
const recordOf = (made: Event): InputRecord => ({ ...base, kind: 'event', event: made });
const poison: PoisonRecord = { ...base, kind: 'poison', reason: 'not Avro', rawKey: null, rawValue: Buffer.from('x') };

/** A task over a log that survives it, with time and controls set by hand. */
class Bench {
  readonly log = new FakeLog();
  readonly registry = new Registry();
  readonly told: AlertMessage[] = [];
  readonly lines: string[] = [];
  readonly failures: unknown[] = [];
  readonly controls = new ControlIndex();
  answer: Promise<Told> = Promise.resolve('told');
  /** Webhooks that take a message at once, while the answer is of all. */
  quick: readonly number[] = [];
  nowMs = 1_800_000_000_000;
  #tick: (() => void) | null = null;
  #task: AlertingTask | null = null;
  readonly #metrics = new AlertMetrics(this.registry);

  constructor() {
    this.log.committed.set('paceline.dead-letters', { topic: 'paceline.dead-letters', offset: 0 });
  }

  open(): void {
    const parts: AlertingParts = {
      accounts: ['demo', 'elsewhere'],
      partitionOf: (account) => (account === 'demo' ? 0 : 3),
      controls: { inForce: this.controls, isFresh: () => true },
      clock: { wallMicros: () => this.nowMs * 1_000, monotonicMs: () => this.nowMs },
      scheduler: { every: (_ms, work) => ((this.#tick = work), () => (this.#tick = null)) },
      everyMs: 5_000,
      metrics: this.#metrics,
      tell: (message, reached) => {
        this.told.push(message);
        for (const webhook of this.quick) reached(webhook);
        return this.answer;
      },
      logger: { info: (_fields, text) => this.lines.push(text), warn: (_fields, text) => this.lines.push(text) },
      fail: (error) => this.failures.push(error),
    };
    this.#task = new AlertingTask(this.log.open(), parts);
  }

  deliver(topic: 'paceline.signals' | 'paceline.dead-letters'): Promise<void> {
    return this.#task?.handle(this.log.batch(topic)) ?? Promise.resolve();
  }

  async pass(seconds: number): Promise<void> {
    for (let n = 0; n < seconds / 5; n += 1) {
      this.nowMs += 5_000;
      this.#tick?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async close(): Promise<void> {
    await this.#task?.close();
  }

  alerts(): string[] {
    return this.log.written.map(({ event: made, key }) => `${made.type} ${key}`);
  }

  async active(): Promise<{ value: number; labels: object }[]> {
    return (await this.registry.getSingleMetric('paceline_alerts_active')?.get())?.values ?? [];
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.open();
});

const setBreaker = (value: string | null, reason: string): void =>
  bench.controls.apply(breaker, controlSet({ ...controlIdOf(breaker), value, reason, by: 'pacer' }, 0).data);
const openBreaker = (): void => setBreaker('"open"', 'code 20003');

test('an alert is an event, a log line, a metric and a message, and so is its end', async () => {
  openBreaker();
  await bench.pass(5);
  expect(bench.alerts()).toEqual(['AlertRaised breaker-open/account:demo']);
  expect(bench.log.written[0]).toMatchObject({ topic: 'paceline.outcomes', event: { data: { account: 'demo', value: 1, threshold: 0 } } });
  expect(bench.lines).toEqual(['alert raised']);
  expect(await bench.active()).toEqual([{ value: 1, labels: { rule: 'breaker-open', account: 'demo' } }]);
  setBreaker(null, 'closed');
  await bench.pass(400);
  expect(bench.alerts()).toEqual(['AlertRaised breaker-open/account:demo', 'AlertCleared breaker-open/account:demo']);
  expect(bench.told.map(({ notice }) => notice)).toEqual(['raised', 'cleared']);
  expect(bench.lines).toEqual(['alert raised', 'alert cleared']);
  expect(await bench.active()).toEqual([]);
});

test('nothing is told before it is committed', async () => {
  openBreaker();
  bench.log.crashNext('before');
  await bench.pass(5);
  expect([bench.told, bench.lines, bench.failures]).toEqual([[], [], []]);
});

test.each(['before', 'after'] as const)('killed %s the commit, the next owner raises and tells it exactly once', async (when) => {
  openBreaker();
  bench.log.crashNext(when);
  await bench.pass(5);
  bench.open();
  await bench.pass(60);
  expect(bench.alerts()).toEqual(['AlertRaised breaker-open/account:demo']);
  expect(bench.told.map(({ notice }) => notice)).toEqual(['raised']);
});

test('killed again and again, nothing is told twice that had arrived', async () => {
  openBreaker();
  for (let n = 0; n < 10; n += 1) {
    await bench.pass(15);
    bench.open();
  }
  expect(bench.told).toHaveLength(1);
});

test('a message that was under way when its owner was killed is told again, the same', async () => {
  openBreaker();
  bench.answer = new Promise(() => undefined);
  await bench.pass(60);
  bench.open();
  expect(bench.told).toHaveLength(2);
  expect(bench.told[1]).toEqual(bench.told[0]);
});

test('what one webhook has is not told it again because another one hangs', async () => {
  openBreaker();
  bench.answer = new Promise(() => undefined);
  bench.quick = [0, 2];
  await bench.pass(10);
  bench.open();
  expect(bench.told.map(({ reached }) => reached)).toEqual([[], [0, 2]]);
});

test('a webhook that hangs delays neither looks nor commits', async () => {
  bench.answer = new Promise(() => undefined);
  openBreaker();
  await bench.pass(5);
  setBreaker(null, 'closed');
  await bench.pass(90);
  expect(bench.alerts()).toHaveLength(2);
});

test('what is heard is folded once: offsets and what is remembered are committed together', async () => {
  const at = bench.nowMs * 1_000;
  const counts = [{ lane: 'messages', batchId: 'b1', class: 'IN_DOUBT' as const, code: null, attempts: 3 }];
  const meta = metaOf('CodesCounted', { natural: [1], at, correlationId: 'demo' });
  bench.log.append('paceline.signals', recordOf(event('CodesCounted', { meta, account: 'demo', partition: 0, counts })));
  await bench.deliver('paceline.signals');
  await bench.pass(25);
  expect(bench.log.transactions).toBe(0);
  bench.open();
  await bench.deliver('paceline.signals');
  await bench.pass(30);
  expect(bench.log.committed.get('paceline.signals')).toEqual({ topic: 'paceline.signals', offset: 1 });
  bench.open();
  await bench.deliver('paceline.signals');
  await bench.pass(16 * 60);
  expect(bench.log.written.map(({ event: made }) => made.data)).toMatchObject([{ alert: 'old-doubts', value: 3 }]);
});

test('a record that cannot be decoded becomes a dead letter, and raises one when it is read as such', async () => {
  bench.log.append('paceline.signals', poison);
  await bench.deliver('paceline.signals');
  await bench.pass(5);
  expect(bench.alerts()).toEqual(['DeadLettered paceline.signals-0-0']);
  const [letter] = bench.log.written;
  if (letter === undefined) throw new Error('no letter');
  bench.nowMs += 1;
  bench.log.append('paceline.dead-letters', recordOf(letter.event));
  await bench.deliver('paceline.dead-letters');
  await bench.pass(5);
  expect(bench.alerts()).toEqual(['DeadLettered paceline.signals-0-0', 'AlertRaised dead-letters/topic:paceline.dead-letters/0']);
});

test('a partition that is given up shows no alert any more', async () => {
  openBreaker();
  await bench.pass(5);
  await bench.close();
  expect(await bench.active()).toEqual([]);
});

test('an alert that holds is shown by the next owner at once', async () => {
  openBreaker();
  await bench.pass(5);
  expect(new AlertBoard(bench.log.state).raised).toHaveLength(1);
  await bench.close();
  bench.open();
  expect(await bench.active()).toMatchObject([{ value: 1 }]);
});

test('a lost opening ends the looks and nothing else', async () => {
  openBreaker();
  bench.log.crashNext('after');
  await bench.pass(30);
  expect(bench.failures).toEqual([]);
  expect(bench.log.transactions).toBe(1);
});
