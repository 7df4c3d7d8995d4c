import type { AddressInfo } from 'node:net';
import { Module, type INestApplication, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { HEALTH, HealthController, METRICS } from './health.controller.ts';
import type { HealthOptions } from './health.ts';
import { startFailed } from './lifecycle.ts';
import { NestLogger } from './nest-logger.ts';
import type { ServiceBlueprint, ServiceStrategy } from './service.ts';

@Module({})
class ServiceModule {}

export interface NestAppOptions {
  readonly blueprint: ServiceBlueprint;
  readonly health: HealthOptions;
  readonly metrics: Registry;
  readonly logger: Logger;
}

export interface NestApp {
  /** Serves health and metrics; resolves to the base URL. */
  serve(host: string, port: number): Promise<string>;
  /** Starts one of the blueprint's strategies, its handlers registered. */
  listen(strategy: ServiceStrategy): Promise<unknown>;
  close(): Promise<void>;
}

/** Nest closes connected strategies with the app: late, and those never started too. Closing them is the lifecycle's. */
function closedElsewhere(strategy: ServiceStrategy): ServiceStrategy {
  return new Proxy(strategy, {
    get(target, key) {
      if (key === 'close') return () => undefined;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

type HttpServer = ReturnType<NestExpressApplication['getHttpServer']>;

function bind(server: HttpServer, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

async function serve(app: INestApplication, host: string, port: number): Promise<string> {
  try {
    const address = await bind(app.getHttpServer() as HttpServer, host, port);
    return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  } catch (error) {
    const used = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw startFailed('health endpoint', used ? new Error(`port ${port} of ${host} is in use; set PORT to a free one`) : error);
  }
}

/** The Nest application of a service, built but neither listening nor consuming yet. */
export async function createNestApp({ blueprint, health, metrics, logger }: NestAppOptions): Promise<NestApp> {
  const root = {
    module: ServiceModule,
    imports: [blueprint.module],
    controllers: [HealthController],
    providers: [
      { provide: HEALTH, useValue: health },
      { provide: METRICS, useValue: metrics },
    ],
  };
  const app = await NestFactory.create<NestExpressApplication>(root, {
    logger: new NestLogger(logger),
    bufferLogs: true,
    abortOnError: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  const connected = new Map<ServiceStrategy, INestMicroservice>(
    (blueprint.strategies ?? []).map((strategy) => [strategy, app.connectMicroservice({ strategy: closedElsewhere(strategy) })]),
  );
  await app.init();
  app.flushLogs();
  return {
    serve: (host, port) => serve(app, host, port),
    listen: (strategy) => connected.get(strategy)?.listen() ?? Promise.reject(new Error('not a strategy of this service')),
    close: () => app.close(),
  };
}
