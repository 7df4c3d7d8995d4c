import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TwilioAccount } from '@paceline/adapter-twilio';
import type { Clock } from '@paceline/pipeline';
import type { Firing, FiringReport, HandedClaim } from './firing.ts';
import { PendingClaims, type SharedClaims } from './pending-claims.ts';

export interface FiringSetup {
  readonly shared: SharedClaims;
  readonly clock: Clock;
  readonly accounts: readonly TwilioAccount[];
  readonly clientTimeoutMs: number;
}

export interface OpenFiring {
  readonly firing: Firing;
  renew(accounts: readonly TwilioAccount[]): void;
  close(): Promise<void>;
}

const sid = `AC${'0'.repeat(32)}`;
const minute = 60_000;

/** Twilio as far as firing knows it: counts what arrives, and answers unless told not to. */
class Answers {
  readonly bodies: string[] = [];
  readonly signIns: string[] = [];
  readonly arrivedMs: number[] = [];
  isSilent = false;
  onRequest = (): void => undefined;
  readonly #server: Server = createServer((request, response) => {
    this.arrivedMs.push(performance.now());
    this.signIns.push(Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64').toString());
    request.on('data', (chunk: Buffer) => this.bodies.push(chunk.toString()));
    request.on('end', () => {
      this.onRequest();
      if (!this.isSilent) response.writeHead(201).end(JSON.stringify({ sid: `SM${'1'.repeat(32)}` }));
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** What the main thread does, as far as these tests need it. */
export class FiringBench {
  readonly answers = new Answers();
  readonly clock: Clock = {
    wallMicros: () => Math.floor((performance.timeOrigin + performance.now()) * 1000),
    monotonicMs: () => performance.now(),
  };
  readonly pending: PendingClaims;
  readonly reports: FiringReport[] = [];
  readonly deaths: Error[] = [];
  #baseUrl = '';
  #open: OpenFiring | null = null;
  #wanted: { is: () => boolean; resolve: () => void } | null = null;

  constructor(capacity = 200) {
    this.pending = new PendingClaims(capacity, ['demo']);
  }

  async start(open: (setup: FiringSetup) => Promise<OpenFiring>): Promise<void> {
    const { clock, pending } = this;
    this.#baseUrl = await this.answers.listen();
    this.#open = await open({ shared: pending.shared, clock, accounts: [this.account('first')], clientTimeoutMs: minute });
    this.answers.onRequest = () => this.#look();
    this.#open.firing.listen({
      reported: (reports) => {
        this.reports.push(...reports);
        this.#look();
      },
      died: (error) => {
        this.deaths.push(error);
        this.#look();
      },
    });
    this.reset();
  }

  /** As at the start: open gates, nothing seen. */
  reset(): void {
    this.pending.setLimit('demo', 100);
    this.pending.setFreshUntil(this.clock.monotonicMs() + minute);
    this.answers.isSilent = false;
    for (const seen of [this.reports, this.answers.bodies, this.answers.signIns, this.answers.arrivedMs]) seen.length = 0;
  }

  /** Ends what is still under way. */
  async settle(): Promise<void> {
    await this.firing.disconnect();
    await this.when(() => this.kinds('fired').length === this.kinds('ended').length);
  }

  get firing(): Firing {
    return this.opened.firing;
  }

  get opened(): OpenFiring {
    if (this.#open === null) throw new Error('not started');
    return this.#open;
  }

  account(password: string): TwilioAccount {
    return { name: 'demo', sid, username: sid, password, baseUrl: this.#baseUrl, maxInFlight: 100 };
  }

  /** An armed claim, due `inMs` from now and good for a minute. */
  claim(inMs: number, name = 'r', lastsMs = minute): HandedClaim {
    const cell = this.pending.take();
    if (cell === null) throw new Error('the table is full');
    const slotAt = this.clock.wallMicros() + inMs * 1000;
    const dueMs = this.clock.monotonicMs() + inMs;
    const deadline = { wallMicros: slotAt + lastsMs * 1000, monotonicMs: dueMs + lastsMs };
    const path = `/2010-04-01/Accounts/${sid}/Messages.json`;
    const plan = { api: 'messages', method: 'POST', path, form: [['Body', name]] } as const;
    return { cell, account: 'demo', plan, dueMs, deadline };
  }

  /** Resolves when so many reports of a kind are there. */
  until(kind: FiringReport['kind'], count: number): Promise<void> {
    return this.when(() => this.kinds(kind).length >= count);
  }

  async when(is: () => boolean): Promise<void> {
    if (!is()) await new Promise<void>((resolve) => (this.#wanted = { is, resolve }));
    this.#wanted = null;
  }

  #look(): void {
    if (this.#wanted?.is() === true) this.#wanted.resolve();
  }

  kinds<K extends FiringReport['kind']>(kind: K): (FiringReport & { kind: K })[] {
    return this.reports.filter((report): report is FiringReport & { kind: K } => report.kind === kind);
  }

  async close(): Promise<void> {
    await this.#open?.close();
    await this.answers.close();
  }
}

/** What every firing promises, in a thread of its own or not. */
export function firingSuite(open: (setup: FiringSetup) => Promise<OpenFiring>): void {
  const bench = new FiringBench();
  beforeAll(() => bench.start(open));
  beforeEach(() => bench.reset());
  afterEach(() => bench.settle());
  afterAll(() => bench.close());

  it('calls each claim once, never before its instant, and reports the call and its answer', async () => {
    const claims = [30, 10, 20].map((inMs) => bench.claim(inMs, `in ${inMs}`));
    bench.firing.hand(claims);
    await bench.until('ended', 3);
    expect(bench.answers.bodies.toSorted()).toEqual(['Body=in+10', 'Body=in+20', 'Body=in+30']);
    expect(bench.kinds('fired').map(({ cell }) => cell)).toEqual([1, 2, 0].map((at) => claims[at]?.cell));
    for (const { cell, at } of bench.kinds('fired')) {
      expect(at.monotonicMs).toBeGreaterThanOrEqual(claims.find((claim) => claim.cell === cell)?.dueMs ?? Infinity);
    }
    expect(bench.answers.arrivedMs[0]).toBeGreaterThanOrEqual(claims[1]?.dueMs ?? Infinity);
    expect(bench.kinds('ended').map(({ observation }) => observation)).toMatchObject(Array(3).fill({ kind: 'answer', status: 201 }));
    expect(bench.reports).toHaveLength(6);
  });

  it('a claim that was revoked is dropped, not called', async () => {
    const [revoked, called] = [bench.claim(20, 'revoked'), bench.claim(21, 'called')];
    bench.firing.hand([revoked, called]);
    expect(bench.pending.revoke(revoked.cell)).toBe(true);
    await bench.until('ended', 1);
    expect(bench.kinds('dropped')).toEqual([{ kind: 'dropped', cell: revoked.cell }]);
    expect(bench.answers.bodies).toEqual(['Body=called']);
  });

  it('a claim that was fired can no longer be revoked', async () => {
    const claim = bench.claim(0);
    bench.firing.hand([claim]);
    await bench.until('fired', 1);
    expect(bench.pending.revoke(claim.cell)).toBe(false);
    expect(bench.pending.lastSeen(claim.cell)).toBe('fired');
    await bench.until('ended', 1);
  });

  it.each<[string, (on: FiringBench) => HandedClaim]>([
    ['deadline-passed', (on) => on.claim(-50, 'late', 20)],
    ['deadline-passed', (on) => ({ ...on.claim(0), deadline: { wallMicros: Infinity, monotonicMs: 0 } })],
    ['deadline-passed', (on) => ({ ...on.claim(0), deadline: { wallMicros: 0, monotonicMs: Infinity } })],
    ['gate-closed', (on) => (on.pending.setFreshUntil(on.clock.monotonicMs()), on.claim(1))],
    ['no-place-in-flight', (on) => (on.pending.setLimit('demo', 0), on.claim(0, 'r', 300))],
  ])('%s: the last check declines, and nothing is called', async (reason, prepare) => {
    const claim = prepare(bench);
    bench.firing.hand([claim]);
    await bench.until('declined', 1);
    expect(bench.kinds('declined')).toMatchObject([{ cell: claim.cell, reason }]);
    expect([bench.pending.lastSeen(claim.cell), bench.answers.bodies]).toEqual(['never-fired', []]);
  });

  it('whoever revokes and whoever fires, each claim has one end', async () => {
    const claims = Array.from({ length: 100 }, (_, at) => bench.claim(at / 10, `each${at}`));
    bench.firing.hand(claims);
    const revoked = new Set<number>();
    for (let at = 99; at >= 0; at -= 2) {
      const cell = claims[at]?.cell ?? -1;
      if (bench.pending.revoke(cell)) revoked.add(cell);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await bench.until('ended', 100 - revoked.size);
    await bench.until('dropped', revoked.size);
    expect(new Set(bench.kinds('dropped').map(({ cell }) => cell))).toEqual(revoked);
    expect(bench.answers.bodies.filter((body) => body.startsWith('Body=each'))).toHaveLength(100 - revoked.size);
  });

  it('disconnecting ends the calls under way, in doubt', async () => {
    bench.answers.isSilent = true;
    bench.firing.hand([bench.claim(0)]);
    await bench.when(() => bench.answers.bodies.length === 1);
    await bench.firing.disconnect();
    await bench.until('ended', 1);
    expect(bench.kinds('ended')).toMatchObject([{ observation: { kind: 'lost' } }]);
  });

  it('signs in anew from the next call on', async () => {
    bench.firing.hand([bench.claim(0)]);
    await bench.until('ended', 1);
    bench.opened.renew([bench.account('second')]);
    bench.firing.hand([bench.claim(0)]);
    await bench.until('ended', 2);
    expect(bench.answers.signIns).toEqual([`${sid}:first`, `${sid}:second`]);
  });
}
