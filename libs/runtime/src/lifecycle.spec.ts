import { pino } from 'pino';
import { Lifecycle, StartFailed } from './lifecycle.ts';
import type { Part, ServiceStrategy } from './service.ts';

const logger = pino({ level: 'silent' });

describe('the lifecycle of a service', () => {
  let told: string[];
  beforeEach(() => {
    told = [];
  });

  const part = (name: string, own: Partial<Part> = {}): Part => ({
    name,
    start: () => Promise.resolve(void told.push(`start ${name}`)),
    stop: () => Promise.resolve(void told.push(`stop ${name}`)),
    ...own,
  });
  const strategy = (name: string): ServiceStrategy => ({ name, listen: () => undefined, close: () => void told.push(`close ${name}`) });
  const lifecycleOf = (parts: Part[], strategies: ServiceStrategy[] = []) =>
    new Lifecycle({ parts, strategies, listen: (one) => Promise.resolve(void told.push(`listen ${one.name}`)), logger });

  test('starts parts in order, then strategies; stops strategies first, then parts in reverse', async () => {
    const lifecycle = lifecycleOf([part('a'), part('b')], [strategy('s')]);
    await lifecycle.start();
    expect(lifecycle.phase).toBe('ready');
    await expect(lifecycle.stop(1_000)).resolves.toBe(true);
    expect(told).toEqual(['start a', 'start b', 'listen s', 'close s', 'stop b', 'stop a']);
    expect(lifecycle.phase).toBe('stopped');
  });

  test('a failed start stops what was started, the failed part too, and says who failed', async () => {
    const lifecycle = lifecycleOf([part('a'), part('b', { start: () => Promise.reject(new Error('no broker')) }), part('c')]);
    await expect(lifecycle.start()).rejects.toMatchObject({ message: 'b: no broker', exitCode: 5 });
    await lifecycle.stop(1_000);
    expect(told).toEqual(['start a', 'stop b', 'stop a']);
  });

  test('an error may carry its own exit code', async () => {
    const failing = part('a', { start: () => Promise.reject(Object.assign(new Error('x'), { exitCode: 3 })) });
    await expect(lifecycleOf([failing]).start()).rejects.toMatchObject({ exitCode: 3 });
  });

  test('a part that fails to stop does not keep the others', async () => {
    const lifecycle = lifecycleOf([part('a'), part('b', { stop: () => Promise.reject(new Error('stuck')) })]);
    await lifecycle.start();
    await expect(lifecycle.stop(1_000)).resolves.toBe(false);
    expect(told).toContain('stop a');
  });

  test('one deadline bounds the whole stop', async () => {
    const lifecycle = lifecycleOf([part('a'), part('b', { stop: () => new Promise(() => undefined) })]);
    await lifecycle.start();
    await expect(lifecycle.stop(1)).resolves.toBe(false);
    expect(told).toContain('stop a');
  });

  test('stopping while a part starts lets nothing more start', async () => {
    let started: () => void = () => undefined;
    const slow = part('a', { start: () => new Promise((resolve) => (started = resolve)) });
    const lifecycle = lifecycleOf([slow, part('b')]);
    const starting = lifecycle.start();
    const stopping = lifecycle.stop(1_000);
    started();
    await expect(starting).rejects.toBeInstanceOf(StartFailed);
    await stopping;
    expect(told).toEqual(['stop a']);
  });

  test('stopping twice stops once', async () => {
    const lifecycle = lifecycleOf([part('a')]);
    await lifecycle.start();
    await Promise.all([lifecycle.stop(1_000), lifecycle.stop(1_000)]);
    expect(told).toEqual(['start a', 'stop a']);
  });
});
