import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderPlace } from '@paceline/adapter-objects';
import type { FileFound } from '@paceline/contracts';
import { ControlIndex } from '@paceline/domain/controls';
import type { EventRecord, Opening, OutputRecord } from '@paceline/pipeline';
import { recordingTracing, type RecordingTracing, type SourceSettings } from '@paceline/runtime';
import { FileDiscovery } from './discover-files.ts';
import type { IngestDeps } from './ports.ts';
import { ReadFileTask } from './read-file.task.ts';
import { RecordingLog } from './recording-log.suite.ts';

export const limits = {
  maxFileBytes: 1_000_000,
  maxRows: 10_000,
  maxColumns: 50,
  maxFieldLength: 5000,
  maxJsonDepth: 8,
  maxGzipRatio: 100,
  chunkRows: 10,
};

/** A folder, its discovery and the dependencies of a task, for specs. Time stands still unless a spec moves it. */
export class IngestBench {
  readonly source: SourceSettings;
  readonly place: FolderPlace;
  readonly tracing: RecordingTracing;
  readonly found: OutputRecord[] = [];
  readonly logged: string[] = [];
  readonly log = new RecordingLog();
  readonly controls = new ControlIndex();

  suppressed: string | null = null;
  #discovery: FileDiscovery;
  #offset = 0;

  private constructor(
    readonly folder: string,
    readonly options: { readonly source?: Partial<SourceSettings>; readonly traceRatio?: number },
  ) {
    this.source = {
      name: 'drop',
      account: 'demo',
      mode: 'stream',
      columns: {},
      defaults: {},
      sameContent: 'refuse',
      folder: join(folder, 'inbox'),
      stableMs: 0,
      limits,
      ...options.source,
    };
    this.place = new FolderPlace({ source: 'drop', folder: join(folder, 'inbox'), stableMs: 0, clock: this.clock });
    this.tracing = recordingTracing({ sampled: (options.traceRatio ?? 1) > 0 });
    this.#discovery = this.newDiscovery();
  }

  static async open(options: { readonly source?: Partial<SourceSettings>; readonly traceRatio?: number } = {}): Promise<IngestBench> {
    const bench = new IngestBench(await mkdtemp(join(tmpdir(), 'paceline-ingest-')), options);
    await bench.place.list();
    return bench;
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  readonly clock = { wallMicros: () => 1_777_000_000_000_000, monotonicMs: () => 0 };

  newDiscovery(): FileDiscovery {
    const facts = { write: (records: readonly OutputRecord[]) => Promise.resolve(void this.found.push(...records)) };
    const { clock, place, source } = this;
    this.#discovery = new FileDiscovery({ sources: [source], places: [place], facts, clock, logger: this.logger, pollMs: 1000 });
    return this.#discovery;
  }

  readonly logger = {
    info: (_fields: object, message: string) => void this.logged.push(message),
    warn: (_fields: object, message: string) => void this.logged.push(message),
    error: (_fields: object, message: string) => void this.logged.push(message),
  };

  get deps(): IngestDeps {
    const { clock, tracing, logger } = this;
    return {
      settings: {
        accounts: new Set(['demo']),
        quietAccounts: new Set(),
        sources: [this.source, { ...this.source, name: 'intake', topic: 'paceline.intake' }],
        contactKey: 'a key of this spec',
        traceRatio: this.options.traceRatio ?? 1,
        spoolFolder: join(this.folder, 'spool'),
      },
      places: [this.place],
      clock,
      tracing,
      logger,
      metrics: { rows: () => undefined, file: () => undefined },
      suppressedBecause: () => this.suppressed,
      controls: this.controls,
      pause: () => Promise.resolve(),
    };
  }

  inbox(name: string): string {
    return join(this.folder, 'inbox', name);
  }

  async drop(name: string, content: string | Buffer, options?: object): Promise<void> {
    if (options !== undefined) await writeFile(`${this.inbox(name)}.options.json`, JSON.stringify(options));
    await writeFile(this.inbox(name), content);
  }

  /** What discovery says now that it has not said before, as records of the files topic. */
  async look(): Promise<EventRecord[]> {
    const before = this.found.length;
    await this.#discovery.look();
    return this.found.slice(before).map((output) => this.#recordOf(output));
  }

  /** Hands records to a new task, as the first or the next opening of the partition. */
  deliver(records: readonly EventRecord[], opening: Opening = this.log.open()): Promise<void> {
    const nextOffset = (records.at(-1)?.offset ?? 0) + 1;
    return new ReadFileTask(opening, this.deps).handle({ topic: 'paceline.files', partition: 0, records, nextOffset });
  }

  /** Rows admitted so far, in order. */
  get rows(): number[] {
    return this.log.of('RequestAdmitted').map(({ request }) => request.row);
  }

  async shelf(name: 'done' | 'refused'): Promise<string[]> {
    return (await readdir(this.inbox(name)).catch(() => [])).sort();
  }

  async report(path: string): Promise<Record<string, unknown>> {
    return JSON.parse(await readFile(this.inbox(`${path}.report.json`), 'utf8')) as Record<string, unknown>;
  }

  #recordOf({ topic, key, event, headers = {} }: OutputRecord): EventRecord {
    return { kind: 'event', topic, partition: 0, offset: this.#offset++, key, headers, timestampMs: 0, event };
  }
}

export const foundIn = (record: EventRecord | undefined): FileFound => {
  if (record?.event.type !== 'FileFound') throw new Error('nothing was found');
  return record.event.data;
};

/** A CSV of `rows` messages; every tenth recipient is one that Twilio rejects, none is wrong. */
export function messagesCsv(rows: number, padding = ''): string {
  const to = (row: number): string => `+1500555${String(row % 10 === 0 ? 1 : 1000 + row).padStart(4, '0')}`;
  return `To,From,Body\n${upTo(rows)
    .map((row) => `${to(row)},+15005550006,row ${row}${padding}\n`)
    .join('')}`;
}

/** 1 to n. */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
