import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Params } from './answers.ts';
import { LedgerFile } from './ledger-file.ts';
import { type ArrivalLine, type EndLine, type LedgerLine, isArrival } from './ledger-lines.ts';
import { Tally } from './tally.ts';

export interface LedgerOptions {
  /** Where the lines go; an existing file is continued. Without it a temporary file that stop() removes. */
  readonly path?: string | undefined;
  readonly stamp: () => number;
  readonly onFailure: (error: unknown) => void;
}

export type Received = Pick<ArrivalLine, 'account' | 'method' | 'path' | 'ip'> & { readonly params: Params };

/**
 * The judge: what arrived and when, told by one clock. An arrival is written before any logic sees the request,
 * and nothing here knows or compares what the requests mean.
 */
export class Ledger {
  readonly tally = new Tally();
  private readonly options: LedgerOptions;
  private readonly temporary: string | undefined;
  private file!: LedgerFile;
  private seq = 0;
  /** Arrivals of an earlier run whose end is not read yet. */
  private readonly open = new Map<number, ArrivalLine>();

  private constructor(options: LedgerOptions, temporary: string | undefined) {
    this.options = options;
    this.temporary = temporary;
  }

  static async open(options: LedgerOptions): Promise<Ledger> {
    const temporary = options.path === undefined ? await mkdtemp(join(tmpdir(), 'simulator-')) : undefined;
    const path = options.path ?? join(temporary ?? '', 'ledger.ndjson');
    await mkdir(dirname(path), { recursive: true });
    const ledger = new Ledger(options, temporary);
    ledger.file = await LedgerFile.open({ path, onFailure: options.onFailure, onLine: (line) => ledger.replay(line) });
    ledger.closeOpen();
    return ledger;
  }

  arrived({ account, method, path, params, ip }: Received): ArrivalLine {
    const seq = ++this.seq;
    const callback = params['StatusCallback'];
    const callbackUrl = typeof callback === 'string' ? callback : (callback?.[0] ?? null);
    const line: ArrivalLine = { seq, arrivedAtUs: this.options.stamp(), account, method, path, params, callbackUrl, ip };
    this.file.append(JSON.stringify(line), seq);
    this.tally.arrived(line);
    return line;
  }

  ended(arrival: ArrivalLine, { status, code, sid, fault }: Omit<EndLine, 'seq' | 'endedAtUs'>): void {
    const endedAtUs = this.options.stamp();
    const line: EndLine = { seq: arrival.seq, status, code, sid, endedAtUs, ...(fault === undefined ? {} : { fault }) };
    this.file.append(JSON.stringify(line));
    this.tally.ended(arrival, line);
  }

  /** NDJSON of every line so far whose seq is above `seq`. */
  since(seq: number): AsyncGenerator<Buffer | string> {
    return this.file.since(seq);
  }

  async lines(): Promise<LedgerLine[]> {
    const lines: LedgerLine[] = [];
    for await (const line of this.file.lines()) lines.push(JSON.parse(line) as LedgerLine);
    return lines;
  }

  async close(): Promise<void> {
    await this.file.close();
    if (this.temporary !== undefined) await rm(this.temporary, { recursive: true, force: true });
  }

  private replay(text: string): void {
    const line = JSON.parse(text) as LedgerLine;
    if (isArrival(line)) {
      this.seq = line.seq;
      this.open.set(line.seq, line);
      this.tally.arrived(line);
      return;
    }
    const arrival = this.open.get(line.seq);
    if (arrival !== undefined) this.tally.ended(arrival, line);
    this.open.delete(line.seq);
  }

  /** Requests that a killed run never ended: whether they were accepted died with it, and their line says so by its fault. */
  private closeOpen(): void {
    for (const arrival of this.open.values()) this.ended(arrival, { status: null, code: null, sid: null, fault: 'simulator-stopped' });
    this.open.clear();
  }
}
