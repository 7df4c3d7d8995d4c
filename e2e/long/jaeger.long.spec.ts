// The spans that we export are understood by a tracing backend that is not ours: a row's trace is read back from Jaeger.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { eventually, isFree } from '@paceline/testing';
import { Paceline, reportOf } from '../paceline-process.ts';

const otlpPort = 4_318;
const queryUrl = 'http://127.0.0.1:16686';

const binary = [process.env['JAEGER'], join(homedir(), 'go', 'bin', 'jaeger'), '/usr/local/bin/jaeger'].find(
  (path) => path !== undefined && existsSync(path),
);
const withJaeger = binary === undefined ? it.skip : it;

interface JaegerTrace {
  readonly spans: readonly {
    readonly spanID: string;
    readonly operationName: string;
    readonly startTime: number;
    readonly references: readonly { readonly spanID: string }[];
  }[];
}

describe('a trace in Jaeger', () => {
  let jaeger: ChildProcess | null = null;
  let paceline: Paceline;

  beforeEach(async () => {
    paceline = await Paceline.create();
  });
  afterEach(async () => {
    await paceline.dispose();
    if (jaeger === null) return;
    const gone = once(jaeger, 'exit');
    jaeger.kill('SIGTERM');
    await gone;
  });

  const reason = binary === undefined ? ' (skipped: no jaeger binary; name one with JAEGER)' : '';
  withJaeger(`holds a row's path from the file to the archive${reason}`, async () => {
    expect(await isFree(otlpPort)).toBe(true);
    jaeger = spawn(binary ?? '', [], { stdio: 'ignore' });
    await eventually('Jaeger answers', () =>
      fetch(`${queryUrl}/api/services`).then(
        (answer) => answer.ok,
        () => false,
      ),
    );

    const file = paceline.write('traced.csv', 'To,From,Body\n+15006190001,+15005550006,one row\n');
    const result = await paceline.start(['--once', '--json', '--file', file], {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${otlpPort}`,
    });
    expect(reportOf(result).batches[0]).toMatchObject({ rows: 1, complete: true });

    let traces: readonly JaegerTrace[] = [];
    await eventually('the trace has every hop', async () => {
      const answer = await fetch(`${queryUrl}/api/traces?service=paceline-ingestor&limit=20`);
      traces = ((await answer.json()) as { data: JaegerTrace[] }).data;
      return ['route', 'archive'].every((name) => traces[0]?.spans.some(({ operationName }) => operationName === name));
    });
    const spans = [...(traces[0]?.spans ?? [])].sort((a, b) => a.startTime - b.startTime);
    const byId = new Map(spans.map((span) => [span.spanID, span]));
    const path: string[] = [];
    for (
      let at = spans.findLast(({ operationName }) => operationName === 'route');
      at !== undefined;
      at = byId.get(at.references[0]?.spanID ?? '')
    ) {
      path.unshift(at.operationName);
    }
    expect(path.slice(0, 2)).toEqual(['read file', 'admit row']);
    expect(path.slice(-2)).toEqual(['POST /Messages', 'route']);
  });
});
