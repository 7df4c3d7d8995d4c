import type { DynamicModule, Type } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { SystemClock } from './clock.ts';
import type { CommonConfig } from './common-config.ts';
import type { Settings } from './settings/settings-schema.ts';
import type { Tracing } from './tracing.ts';

/** What an app gives to runService: a name, what it reads from the environment, and how it is put together. */
export interface ServiceDefinition<C extends object = object> {
  /** Lower case, as in `pacer`; the name in logs, metrics and traces. */
  readonly name: string;
  /** Configuration beyond the common one; keys are the names of environment variables. */
  readonly config: z.ZodType<C>;
  /** Wires the parts. Nothing may be started here: a part starts in its own start(). */
  build(context: ServiceContext<C>): ServiceBlueprint | Promise<ServiceBlueprint>;
}

export interface ServiceContext<C extends object = object> {
  readonly name: string;
  /** Unique per process. */
  readonly instance: string;
  readonly config: C & CommonConfig;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly clock: SystemClock;
  readonly tracing: Tracing;
  readonly metrics: Registry;
  /** Ends the process with code 1 after logging, nothing committed: for a part that can neither go on nor recover. */
  fail(error: unknown): void;
}

export interface ServiceBlueprint {
  readonly module: DynamicModule | Type;
  /** Started in this order, stopped in reverse, all under one deadline. */
  readonly parts: readonly Part[];
  /** Started after all parts, closed first. */
  readonly strategies?: readonly ServiceStrategy[];
}

export interface Part {
  readonly name: string;
  start(): Promise<void>;
  /** Called once, and only if start() was called. */
  stop(): Promise<void>;
  /** True, or why the service should not be given work now. */
  ready?(): true | string;
  /** True, or why the process should be restarted. */
  alive?(): true | string;
}

/** A consumer; it may tell its state like a part does. */
export interface ServiceStrategy extends CustomTransportStrategy {
  readonly name?: string;
  ready?(): true | string;
  alive?(): true | string;
}
