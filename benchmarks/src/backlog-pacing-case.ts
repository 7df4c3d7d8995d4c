// The pacer's own decisions over a growing backlog: memory, disk, and whether a grant costs more when more rows wait.
import { RowStoreFolder } from '@paceline/adapter-store';
import { Codec, schemas, type EventName, type EventOf } from '@paceline/contracts';
import { decideSlice, slotGrantedOf, type Grant, type PartitionPacing } from '@paceline/domain/pacing';
import { countText, memoryNow, Stopwatch, type BacklogCase, type BacklogCaseOptions } from './backlog-case.ts';
import { pacingOver } from './backlog-pacing.ts';
import { admittedAt, batches, lanes, noon } from './backlog-rows.ts';
import { atMost, below, figure, type Figure } from './judge/figure.ts';
import { startCpuMeter } from './world/cpu-meter.ts';

const sizes = [1_000, 100_000, 1_000_000, 10_000_000];
const heapBarMb = 512;
const costBar = 2;
/** Two thousand grants a second: every lane of every batch has had its turn before anything is measured. */
const [warmSlices, measuredSlices] = [300, 250];
const sliceMicros = 100_000;

async function codecOfContracts(): Promise<Codec> {
  const names = Object.keys(schemas) as EventName[];
  const codec = new Codec({
    idOf: (name) => Promise.resolve(names.indexOf(name) + 1),
    schemaOf: (id) => Promise.resolve(schemas[names[id - 1] as EventName]),
  });
  await codec.warm(['RequestAdmitted', 'SlotGranted']);
  await codec.decode(codec.encode(admittedAt(0)));
  return codec;
}

/** One partition's log and the pacer's part of its life, without Kafka: every row is decoded anew, as a consumer would. */
class BacklogWorld {
  #offset = 0;
  #now = noon;
  #monotonic = 0;

  constructor(
    readonly pacing: PartitionPacing,
    private readonly codec: Codec,
  ) {}

  /** Reads rows until so many wait. */
  fill(rows: number, reading: Stopwatch): number {
    const before = this.#offset;
    while (this.pacing.size < rows) {
      const portion = Array.from({ length: Math.min(1_000, rows - this.pacing.size) }, () => this.#nextEvent());
      reading.time(() => {
        for (const { event, offset } of portion) this.pacing.read(event, { offset, traceparent: null });
      });
    }
    return this.#offset - before;
  }

  /** The next slice, committed: its grants, timed as they are decided and as they are made records. */
  slice(deciding: Stopwatch, all: Stopwatch): readonly Grant[] {
    this.#now += sliceMicros;
    this.#monotonic += sliceMicros / 1_000;
    const tick = { now: { wall: this.#now, monotonic: this.#monotonic }, minLead: 400_000, lead: 700_000 };
    return all.time(() => {
      const { grants } = deciding.time(() => decideSlice(this.pacing, { ...tick, controlsFresh: true, maxClosures: 1_000 }));
      this.pacing.released.commitPoint();
      for (const grant of grants) this.codec.encode(slotGrantedOf(grant, this.#now));
      return grants;
    });
  }

  #nextEvent(): { event: EventOf<'RequestAdmitted'>; offset: number } {
    const offset = this.#offset;
    this.#offset += 1;
    return { event: this.codec.decode(this.codec.encode(admittedAt(offset))) as EventOf<'RequestAdmitted'>, offset };
  }
}

interface Measured {
  readonly rows: number;
  readonly read: number;
  readonly decide: number;
  readonly grant: number;
  readonly heap: number;
  readonly resident: number;
  readonly disk: number;
}

function grantCost(world: BacklogWorld, rows: number): Pick<Measured, 'decide' | 'grant'> {
  const [deciding, all] = [new Stopwatch(), new Stopwatch()];
  let granted = 0;
  for (let n = 0; n < warmSlices + measuredSlices; n += 1) {
    const isMeasured = n >= warmSlices;
    const grants = world.slice(isMeasured ? deciding : new Stopwatch(), isMeasured ? all : new Stopwatch());
    if (isMeasured) granted += grants.length;
    world.fill(rows, new Stopwatch());
  }
  if (granted === 0) throw new Error(`nothing was granted with ${rows} rows waiting`);
  return { decide: deciding.per(granted), grant: all.per(granted) };
}

async function measureAll({ quick, folder, print }: BacklogCaseOptions): Promise<Measured[]> {
  const store = new RowStoreFolder(folder).open();
  const world = new BacklogWorld(pacingOver(store), await codecOfContracts());
  const measured: Measured[] = [];
  for (const rows of sizes.filter((size) => !quick || size <= 1_000_000)) {
    print(`pacing: ${countText(rows)} rows`);
    const reading = new Stopwatch();
    const read = world.fill(rows, reading);
    if (measured.length === 0) grantCost(world, rows); // compiled by then
    const cost = grantCost(world, rows);
    measured.push({ rows, read: reading.per(read), ...cost, ...memoryNow(), disk: store.bytes / 1e6 });
  }
  store.close();
  return measured;
}

function figuresOf({ rows, read, decide, grant, heap, resident, disk }: Measured, first: Measured): Figure[] {
  const of = `${countText(rows)} waiting`;
  const times = rows === sizes.at(-1) ? atMost(costBar) : null;
  const perGrant = 'µs of processor per grant';
  return [
    figure({ metric: `time per grant, ${of}`, value: grant, unit: perGrant }),
    figure({ metric: `of it deciding, ${of}`, value: decide, unit: perGrant }),
    figure({ metric: `time per grant against ${countText(first.rows)} waiting, ${of}`, value: grant / first.grant, unit: 'times' }, times),
    figure({ metric: `deciding against ${countText(first.rows)} waiting, ${of}`, value: decide / first.decide, unit: 'times' }),
    figure({ metric: `reading a row, up to ${of}`, value: read, unit: 'µs of processor per row' }),
    figure({ metric: `heap, ${of}`, value: heap, unit: 'MB' }, below(heapBarMb)),
    figure({ metric: `resident memory, ${of}`, value: resident, unit: 'MB' }),
    figure({ metric: `disk, ${of}`, value: disk, unit: 'MB' }),
  ];
}

export const pacingCase: BacklogCase = {
  name: `pacing, ${countText(lanes)} lanes, ${batches} batches`,
  run: async (options) => {
    const meter = startCpuMeter([]);
    const measured = await measureAll(options);
    const [first] = measured;
    const figures = first === undefined ? [] : measured.flatMap((one) => figuresOf(one, first));
    return { figures, otherCpu: meter().other };
  },
};
