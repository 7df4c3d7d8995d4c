import type { AccountReport, PartitionPacing, RequestEvent, Slice, Verdict } from '@paceline/domain/pacing';
import { Counter, Gauge, type Registry } from 'prom-client';
import { RateWindow } from './rate-window.ts';

/** Lanes with a series of their own, in the order they appeared; the others share one. A lane's id is a hash. */
const mostLanes = 200;
const otherLanes = 'other';

const sameScrapeMicros = 50_000;

type AskedReport = AccountReport & { readonly at: number };
type Value = (report: AskedReport) => number | null;

interface WaitingLane {
  readonly account: string;
  readonly lane: string;
  readonly rows: number;
  readonly waitingSeconds: number;
}

/** Between two instants in UTC microseconds; 0 when there was none. */
const secondsSince = (since: number | null, at: number): number => (since === null ? 0 : Math.max(0, (at - since) / 1_000_000));

/** What the pacer counts. No label holds a request, a batch, a contact or a number. */
export class PacerMetrics {
  readonly #granted: Counter<'account' | 'lane'>;
  readonly #lost: Counter<'account'>;
  readonly #closed: Counter<'account' | 'outcome'>;
  readonly #returned: Counter<'account' | 'lane' | 'reason'>;
  readonly #carried: Counter;
  readonly #controls: Counter<'aspect'>;
  readonly #skipped: Counter<'why'>;
  readonly #clockSteps: Counter;
  readonly #lanes = new Set<string>();
  readonly #rates = new Map<string, RateWindow>();
  readonly #open = new Map<PartitionPacing, () => number>();
  #clockOffset = 0;
  #lastMs = 0;
  #asked: { readonly at: number; readonly reports: readonly AskedReport[] } | null = null;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = <L extends string>(name: string, help: string, labelNames: L[] = []): Counter<L> =>
      new Counter({ name: `paceline_pacer_${name}_total`, help, labelNames, registers });
    this.#granted = counter('granted', 'Slots granted and committed.', ['account', 'lane']);
    this.#lost = counter('lost_slots', 'Slots that passed unused although rows waited; never made up.', ['account']);
    this.#closed = counter('closed', 'Rows closed without a slot.', ['account', 'outcome']);
    this.#returned = counter('returned', 'Slots that came back from a sender.', ['account', 'lane', 'reason']);
    this.#carried = counter('carried', 'Old rows appended again.');
    this.#controls = counter('controls', 'Controls set or lifted by the pacer.', ['aspect']);
    this.#skipped = counter('skipped', 'Records that made no row wait: duplicate attempts and dead letters.', ['why']);
    this.#clockSteps = counter('clock_steps', 'Steps of the wall clock by more than a second.');
    this.#accountGauges(registry);
    this.#laneGauges(registry);
    this.#processGauges(registry);
  }

  /** A partition is open: its gauges are asked at every scrape, until the returned function is called. */
  watch(pacing: PartitionPacing, wallMicros: () => number): () => void {
    this.#open.set(pacing, wallMicros);
    return () => this.#open.delete(pacing);
  }

  read(event: RequestEvent, verdict: Verdict): void {
    if (verdict === 'duplicate') this.skipped('duplicate');
    else if (verdict !== 'known' && event.type === 'SlotReturned') {
      const { request, reason } = event.data;
      this.#returned.inc({ account: request.account, lane: this.#labelOf(request.lane), reason });
    }
  }

  /** Called after the commit: what is not committed never happened. */
  committed({ grants, closures, carried, controls, lost, step }: Slice, nowMs: number): void {
    this.#lastMs = nowMs;
    for (const { item } of grants) this.#countGrant(item.request.account, item.request.lane, nowMs);
    for (const { item, outcome } of closures) this.#closed.inc({ account: item.request.account, outcome });
    for (const [account, slots] of lost) this.#lost.inc({ account }, slots);
    for (const { aspect } of controls) this.#controls.inc({ aspect });
    if (carried.length > 0) this.#carried.inc(carried.length);
    if (step === 0) return;
    this.#clockSteps.inc();
    this.#clockOffset += step;
  }

  skipped(why: 'duplicate' | 'dead-letter'): void {
    this.#skipped.inc({ why });
  }

  #countGrant(account: string, lane: string, nowMs: number): void {
    this.#granted.inc({ account, lane: this.#labelOf(lane) });
    let rate = this.#rates.get(account);
    if (rate === undefined) this.#rates.set(account, (rate = new RateWindow()));
    rate.add(1, nowMs);
  }

  #labelOf(lane: string): string {
    if (!this.#lanes.has(lane) && this.#lanes.size < mostLanes) this.#lanes.add(lane);
    return this.#lanes.has(lane) ? lane : otherLanes;
  }

  #utilisation({ account, callsPerSecond }: AccountReport): number | null {
    const granted = this.#rates.get(account)?.perSecond(this.#lastMs) ?? 0;
    return callsPerSecond === 0 ? null : granted / callsPerSecond;
  }

  #accountGauges(registry: Registry): void {
    const gauge = (name: string, help: string, value: Value): void => {
      const reports = (): Iterable<AskedReport> => this.#reports();
      new Gauge({
        name: `paceline_pacer_${name}`,
        help,
        labelNames: ['account'],
        registers: [registry],
        collect() {
          this.reset();
          for (const report of reports()) {
            const found = value(report);
            if (found !== null) this.set({ account: report.account }, found);
          }
        },
      });
    };
    gauge('waiting_rows', 'Rows that wait for a slot.', ({ waiting }) => waiting);
    gauge('oldest_waiting_seconds', 'Since when the row longest in turn waits.', ({ waitingSince, at }) => secondsSince(waitingSince, at));
    gauge('calls_per_second', 'Rate in force, after controls and adaptation.', ({ callsPerSecond }) => callsPerSecond);
    gauge('in_flight_cap', 'Cap on calls in flight in force; absent while no sender speaks.', ({ maxInFlight }) => maxInFlight);
    gauge('in_flight', 'Calls under way, as the senders gauge it.', ({ inFlight }) => inFlight);
    gauge('utilisation_ratio', 'Slots granted in the last ten seconds, of the rate in force.', (report) => this.#utilisation(report));
    gauge('clock_era', "Clock era of the account's slots.", ({ era }) => era);
  }

  #laneGauges(registry: Registry): void {
    const gauge = (name: string, help: string, value: (lane: WaitingLane) => number): void => {
      const lanes = (): Iterable<WaitingLane> => this.#waitingLanes().values();
      new Gauge({
        name: `paceline_pacer_lane_${name}`,
        help,
        labelNames: ['account', 'lane'],
        registers: [registry],
        collect() {
          this.reset();
          for (const found of lanes()) this.set({ account: found.account, lane: found.lane }, value(found));
        },
      });
    };
    gauge('waiting_rows', 'Rows that wait for a slot, by lane.', ({ rows }) => rows);
    gauge('oldest_waiting_seconds', 'Since when the row longest in turn waits, by lane.', ({ waitingSeconds }) => waitingSeconds);
  }

  #processGauges(registry: Registry): void {
    const single = (name: string, help: string, value: () => number): void => {
      new Gauge({
        name: `paceline_pacer_${name}`,
        help,
        registers: [registry],
        collect() {
          this.set(value());
        },
      });
    };
    single('resident_rows', 'Waiting rows held in memory.', () =>
      [...this.#open.keys()].reduce((sum, { residentSize }) => sum + residentSize, 0),
    );
    single('clock_offset_seconds', 'Sum of the steps of the wall clock since the start.', () => this.#clockOffset / 1_000_000);
  }

  #waitingLanes(): Map<string, WaitingLane> {
    const lanes = new Map<string, WaitingLane>();
    for (const { account, groups, at } of this.#reports()) {
      for (const { lane: id, rows, waitingSince } of groups) {
        const lane = this.#labelOf(id);
        const known = lanes.get(`${account}/${lane}`) ?? { account, lane, rows: 0, waitingSeconds: 0 };
        const waitingSeconds = Math.max(known.waitingSeconds, secondsSince(waitingSince, at));
        lanes.set(`${account}/${lane}`, { ...known, rows: known.rows + rows, waitingSeconds });
      }
    }
    return lanes;
  }

  /** One look a scrape is enough for all gauges: they are asked within a millisecond of each other. */
  #reports(): readonly AskedReport[] {
    const asked = [...this.#open].map(([pacing, wallMicros]) => ({ pacing, at: wallMicros() }));
    const at = asked[0]?.at ?? 0;
    if (this.#asked === null || Math.abs(at - this.#asked.at) > sameScrapeMicros) {
      this.#asked = { at, reports: asked.flatMap((one) => one.pacing.report(one.at).map((report) => ({ ...report, at: one.at }))) };
    }
    return this.#asked.reports;
  }
}
