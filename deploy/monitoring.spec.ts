// Prometheus and Grafana against the metrics that the services really register.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { parse } from 'yaml';
import { ArchiveTelemetry } from '../apps/archiver/src/archive-telemetry.ts';
import { RouterMetrics } from '../apps/error-router/src/router-metrics.ts';
import { ingestMetrics } from '../apps/ingestor/src/metrics.ts';
import { PacerMetrics } from '../apps/pacer/src/pacer-metrics.ts';
import { PrometheusMetrics } from '../apps/sender/src/prometheus-metrics.ts';
import { environmentOf, readCompose, root } from './compose-file.suite.ts';

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly description: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly definition: string }[] };
}

interface Registered {
  readonly labels: readonly string[];
  readonly histogram: boolean;
}

const text = (path: string): string => readFileSync(join(root, 'deploy', path), 'utf8');
const dashboard = JSON.parse(text('grafana/dashboards/paceline.json')) as Dashboard;
const nobody = { warn: () => undefined, error: () => undefined };

function registered(): Map<string, Registered> {
  const registry = new Registry();
  new ArchiveTelemetry(nobody, { child: () => ({ set: () => undefined, fail: () => undefined, end: () => undefined }) }, registry);
  new RouterMetrics(registry);
  ingestMetrics(registry);
  new PacerMetrics(registry);
  new PrometheusMetrics(registry);
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 1_000 });
  const metrics = registry.getMetricsAsArray() as unknown as { name: string; type: string; labelNames?: string[] }[];
  const found = metrics.map(({ name, type, labelNames = [] }): [string, Registered] => [
    name,
    { labels: labelNames, histogram: type === 'histogram' },
  ]);
  registry.clear();
  return new Map(found);
}

const known = registered();
const metricIn = /\b(?:paceline|process|nodejs)_[a-z0-9_]+/g;
const expressions = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }): [string, string] => [title, expr]));

/** The metric an expression names; a histogram is asked by its buckets, nothing else is. */
function metricOf(name: string): Registered | undefined {
  const whole = known.get(name);
  if (whole !== undefined) return whole.histogram ? undefined : whole;
  const base = known.get(name.replace(/_bucket$/, ''));
  return base?.histogram === true ? base : undefined;
}

test.each(expressions)('%s asks for metrics and labels that exist: %s', (_title, expr) => {
  const names = expr.match(metricIn) ?? [];
  expect(names.length).toBeGreaterThan(0);
  const labels = [...expr.matchAll(/by \((\w+)\)/g), ...expr.matchAll(/\{(\w+)=/g)].map(([, label = '']) => label);
  const targetLabels = ['le', 'job', 'service'];
  for (const name of names) {
    const metric = metricOf(name);
    expect([name, metric === undefined]).toEqual([name, false]);
    expect(labels.filter((label) => !targetLabels.includes(label) && metric?.labels.includes(label) !== true)).toEqual([]);
  }
});

test('every panel says what it shows, and the account is chosen from a metric that has it', () => {
  expect(dashboard.panels.filter(({ description }) => description === '')).toEqual([]);
  expect(dashboard.templating.list.map(({ definition }) => definition.match(metricIn)?.every((name) => known.has(name)))).toEqual([true]);
});

test('every metric of ours is on the dashboard', () => {
  const shown = expressions.flatMap(([, expr]) => expr.match(metricIn) ?? []).map((name) => name.replace(/_bucket$/, ''));
  expect([...known.keys()].filter((name) => name.startsWith('paceline_') && !shown.includes(name))).toEqual([]);
});

test('Prometheus asks every service of ours that has metrics, at the port it listens on', () => {
  const { services } = readCompose();
  const { scrape_configs: jobs } = parse(text('prometheus.yaml')) as { scrape_configs: { static_configs: { targets: string[] }[] }[] };
  const asked = jobs.flatMap(({ static_configs: groups }) => groups.flatMap(({ targets }) => targets));
  const serving = Object.entries(services).filter(([name, one]) => environmentOf(one)['PORT'] !== undefined && name !== 'simulator');
  expect(asked.sort()).toEqual(serving.map(([name, one]) => `${name}:${environmentOf(one)['PORT'] ?? ''}`).sort());
  const names = Object.entries(services).flatMap(([name, { networks, network_mode: mode }]) => [
    ...(mode === undefined ? [name] : []),
    ...(networks?.default?.aliases ?? []),
  ]);
  expect(asked.filter((target) => !names.includes(target.split(':')[0] ?? ''))).toEqual([]);
});

test('Grafana finds its data sources and dashboards where the compose file puts them', () => {
  const { services } = readCompose();
  const sources = (parse(text('grafana/provisioning/datasources/datasources.yaml')) as { datasources: { uid: string; url: string }[] })
    .datasources;
  expect(sources.filter(({ url }) => !(new URL(url).hostname in services))).toEqual([]);
  const { providers } = parse(text('grafana/provisioning/dashboards/dashboards.yaml')) as { providers: { options: { path: string } }[] };
  expect(services['grafana']?.volumes).toContain(`./deploy/grafana/dashboards:${providers[0]?.options.path}:ro`);
  expect(readdirSync(join(root, 'deploy/grafana/dashboards'))).toEqual(['paceline.json']);
});
