import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { liveness, readiness, type HealthOptions, type HealthReport } from './health.ts';

export const HEALTH = Symbol('health');
export const METRICS = Symbol('metrics');

interface StatusSetter {
  status(code: number): unknown;
}

/** What orchestrators and monitoring ask. No answer holds settings, numbers of people or secrets. */
@Controller()
export class HealthController {
  readonly #health: HealthOptions;
  readonly #metrics: Registry;

  constructor(@Inject(HEALTH) health: HealthOptions, @Inject(METRICS) metrics: Registry) {
    this.#health = health;
    this.#metrics = metrics;
  }

  @Get('healthz')
  alive(@Res({ passthrough: true }) response: StatusSetter): HealthReport {
    return told(liveness(this.#health), response);
  }

  @Get('readyz')
  ready(@Res({ passthrough: true }) response: StatusSetter): HealthReport {
    return told(readiness(this.#health), response);
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.#metrics.metrics();
  }
}

function told(report: HealthReport, response: StatusSetter): HealthReport {
  response.status(report.ok ? 200 : 503);
  return report;
}
