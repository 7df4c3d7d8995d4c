import { createServer, type AddressInfo, type Server } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Inject, Module } from '@nestjs/common';
import { EventPattern, Payload, Server as NestServer } from '@nestjs/microservices';
import { z } from 'zod';
import { ConfigurationInvalid, startService, type RunningService } from './start-service.ts';
import type { Part, ServiceBlueprint, ServiceContext, ServiceDefinition } from './service.ts';

const PREFIX = Symbol('prefix');

/** A consumer that hands one event to its handler when asked. */
class OneEvent extends NestServer {
  readonly name = 'one-event';
  readonly told: string[];
  state: true | string = true;

  constructor(told: string[]) {
    super();
    this.told = told;
  }

  alive(): true | string {
    return this.state;
  }

  async listen(callback: () => void): Promise<void> {
    this.told.push('listen');
    await this.getHandlerByPattern('paceline-spec')?.('event');
    callback();
  }

  close(): void {
    this.told.push('close');
  }

  override on(): never {
    throw new Error('not used');
  }

  override unwrap(): never {
    throw new Error('not used');
  }
}

@Controller()
class EventHandler {
  readonly #told: string[];

  constructor(@Inject(PREFIX) told: string[]) {
    this.#told = told;
  }

  @EventPattern<string>('paceline-spec')
  handle(@Payload() event: string): void {
    this.#told.push(`handled ${event}`);
  }
}

@Module({})
class SpecModule {}

describe('a service', () => {
  let folder: string;
  let env: Record<string, string>;
  let told: string[];
  let lines: string[];
  let running: RunningService | undefined;
  let strategy: OneEvent;
  let state: true | string;
  const config = z.object({ GREETING: z.string().default('hello').describe('a greeting') });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'service-'));
    writeFileSync(join(folder, 'paceline.yaml'), `accounts: [{name: demo, sid: AC${'0'.repeat(32)}, authToken: x, callsPerSecond: 1}]\n`);
    env = {
      KAFKA_BROKERS: '127.0.0.1:1',
      SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1',
      PACELINE_CONTACT_KEY: 'a key that is long enough',
      PACELINE_SETTINGS: join(folder, 'paceline.yaml'),
      PACELINE_DATA_DIR: join(folder, 'data'),
      PORT: '0',
    };
    [told, lines, state] = [[], [], true];
    strategy = new OneEvent(told);
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    rmSync(folder, { recursive: true });
  });

  const part = (own: Partial<Part> = {}): Part => ({
    name: 'table',
    start: () => Promise.resolve(void told.push('start')),
    stop: () => Promise.resolve(void told.push('stop')),
    ready: () => state,
    ...own,
  });

  const definitionOf = (parts: readonly Part[] = [part()], seen?: (context: ServiceContext<{ GREETING: string }>) => void) => {
    const definition: ServiceDefinition<{ GREETING: string }> = {
      name: 'spec',
      config,
      build(context): ServiceBlueprint {
        told.push('build');
        seen?.(context);
        return {
          module: { module: SpecModule, controllers: [EventHandler], providers: [{ provide: PREFIX, useValue: told }] },
          parts,
          strategies: [strategy],
        };
      },
    };
    return definition;
  };
  const start = async (definition = definitionOf()) => {
    running = await startService(definition, { env, destination: { write: (line) => void lines.push(line) }, fail: () => undefined });
    return running;
  };
  const ask = async (path: string) => {
    const answer = await fetch(`${running?.url}${path}`);
    return { status: answer.status, body: await answer.text() };
  };

  test('builds, starts parts, then consumers with their handlers, and stops in reverse, each once', async () => {
    const service = await start();
    expect(service.phase).toBe('ready');
    await expect(service.stop()).resolves.toBe(true);
    expect(told).toEqual(['build', 'start', 'listen', 'handled event', 'close', 'stop']);
    await expect(fetch(service.url)).rejects.toThrow();
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['ready']);
  });

  test('is given its configuration, settings and tools', async () => {
    let context: ServiceContext<{ GREETING: string }> | undefined;
    await start(definitionOf([part()], (given) => (context = given)));
    expect(context).toMatchObject({
      name: 'spec',
      config: { GREETING: 'hello', PORT: 0, PACELINE_TRACE_RATIO: 0.01 },
      settings: { pace: { leadMs: 700 } },
    });
    expect(context?.instance).toMatch(/^spec-\d+-[0-9a-z]+$/);
    expect(context?.tracing.root('x').traceId).toBeNull();
  });

  test('is ready when every part says so, and says which one is not', async () => {
    await start();
    expect(await ask('/readyz')).toMatchObject({ status: 200 });
    state = 'behind by 15005550006';
    const answer = await ask('/readyz');
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toMatchObject({
      ok: false,
      service: 'spec',
      phase: 'ready',
      parts: { table: 'behind by [number]', 'one-event': 'ok' },
    });
    expect(await ask('/healthz')).toMatchObject({ status: 200 });
  });

  test('is alive while a part is not ready, and dead when a consumer is', async () => {
    await start();
    strategy.state = 'crashed';
    expect(await ask('/healthz')).toMatchObject({ status: 503, body: expect.stringContaining('crashed') });
  });

  test('answers health before its parts have started, as not ready', async () => {
    const answers: number[] = [];
    const asking = part({
      start: async () => {
        for (const path of ['/readyz', '/healthz']) answers.push((await fetch(`http://127.0.0.1:${env['PORT']}${path}`)).status);
      },
    });
    env['PORT'] = String(await freePort());
    await start(definitionOf([asking]));
    expect(answers).toEqual([503, 200]);
  });

  test('shows its metrics', async () => {
    await start();
    const answer = await ask('/metrics');
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('process_cpu_seconds_total{service="spec"}');
  });

  test('with a wrong configuration nothing is built, and every problem is told', async () => {
    delete env['KAFKA_BROKERS'];
    env['LOG_LEVEL'] = 'loud';
    writeFileSync(join(folder, 'paceline.yaml'), 'accounts: []\n');
    const failure = await start().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigurationInvalid);
    expect((failure as ConfigurationInvalid).problems).toHaveLength(3);
    expect((failure as ConfigurationInvalid).exitCode).toBe(2);
    expect(told).toEqual([]);
  });

  test('a part that cannot start stops the service with one line that names it', async () => {
    const failing = part({ name: 'broker', start: () => Promise.reject(new Error('no answer from 127.0.0.1:1')) });
    await expect(start(definitionOf([part(), failing]))).rejects.toMatchObject({
      message: 'broker: no answer from 127.0.0.1:1',
      exitCode: 5,
    });
    expect(told).toEqual(['build', 'start', 'stop', 'stop']);
  });

  test('a port in use is one clear line', async () => {
    const server = await listening();
    env['PORT'] = String((server.address() as AddressInfo).port);
    const failure = start();
    await expect(failure).rejects.toMatchObject({
      message: `health endpoint: port ${env['PORT']} of 127.0.0.1 is in use; set PORT to a free one`,
      exitCode: 5,
    });
    expect(told).toEqual(['build']);
    server.close();
  });
});

function listening(): Promise<Server> {
  const server = createServer();
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function freePort(): Promise<number> {
  const server = await listening();
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
