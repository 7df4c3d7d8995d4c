import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { groups } from '@paceline/contracts';
import type { ServiceContext } from '@paceline/runtime';
import { Registry } from 'prom-client';
import { AlertingTask } from './alerting.task.ts';
import type { ErrorRouterConfig } from './config.ts';
import { errorRouterService } from './error-router.module.ts';
import { FakeLog } from './fake-opening.suite.ts';
import { RouteResponsesTask } from './route-responses.task.ts';

/** A transport that only keeps the handlers it was given. */
class Switchboard extends Server implements CustomTransportStrategy {
  listen(callback: () => void): void {
    callback();
  }

  close(): void {}

  override on(): never {
    throw new Error('emits nothing');
  }

  override unwrap<T>(): T {
    return this as unknown as T;
  }
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const context = {
  ...{ name: 'error-router', instance: 'error-router-1', logger: silent, metrics: new Registry() },
  clock: { wallMicros: () => 0, monotonicMs: () => 0 },
  settings: {
    retry: { maxTotalWaitMs: 60_000, maxAttempts: 3 },
    reconcile: { clientTimeoutMs: 40_000, providerTimeoutMs: 30_000, skewMs: 5_000 },
    send: { lateToleranceMs: 20 },
    errorTable: [],
    accounts: [],
    alerts: { webhooks: [] },
  },
  config: {
    ...{ KAFKA_BROKERS: ['127.0.0.1:1'], KAFKA_SSL: false, SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1', PACELINE_DATA_DIR: '/nowhere' },
    ...errorRouterService.config.parse({}),
  },
} as unknown as ServiceContext<ErrorRouterConfig>;

test('an opening of each group reaches its task through Nest', async () => {
  const { module, strategies } = await errorRouterService.build(context);
  expect(strategies).toHaveLength(2);
  const strategy = new Switchboard();
  const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
  await app.listen();
  const open = strategy.getHandlerByPattern(groups['error-router'].id);
  const task: unknown = await open?.(new FakeLog().open());
  expect(task).toBeInstanceOf(RouteResponsesTask);
  await (task as RouteResponsesTask).close();
  const watch = strategy.getHandlerByPattern(groups.alerts.id);
  const watching: unknown = await watch?.(new FakeLog().open());
  expect(watching).toBeInstanceOf(AlertingTask);
  await (watching as AlertingTask).close();
  await app.close();
});
