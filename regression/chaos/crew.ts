// The services of a run. Whoever ends is started again at once, as a supervisor does; who ended without being killed is told.
import { systemClock } from '@paceline/testing';
import { ServiceProcess, type ServicePlan } from '../pacing/service-process.ts';

export const victims = ['ingestor', 'pacer', 'sender', 'error-router'] as const;
export type Victim = (typeof victims)[number];
/** The second sender only ever runs with a trap. */
export type CrewMember = Victim | 'simulator' | 'sender-2';

/** Distance of each member's port from the port base; the servers have theirs between. */
const portOffsets: Readonly<Record<CrewMember, number>> = {
  simulator: 0,
  ingestor: 6,
  pacer: 7,
  sender: 8,
  'error-router': 9,
  'sender-2': 10,
};
/** The servers' ports included, those of three brokers too. */
export const portsOfACrew = 28;

const serviceOf = (member: CrewMember): Victim | 'simulator' => (member === 'sender-2' ? 'sender' : member);

/** Where a process ends itself: at the n-th passing of a label. */
export interface Trap {
  readonly label: string;
  readonly nth: number;
}

export interface Kill {
  readonly victim: Victim | 'broker';
  /** Null: at a random instant, from outside. */
  readonly label: string | null;
  /** UTC microseconds. */
  readonly at: number;
}

export interface CrewPlace {
  readonly portBase: number;
  readonly env: ServicePlan['env'];
  readonly logFileOf: (member: CrewMember) => string;
}

export class Crew {
  readonly kills: Kill[] = [];
  /** Ends that nobody asked for. */
  readonly deaths: string[] = [];
  readonly #processes = new Map<CrewMember, ServiceProcess>();
  /** Members that are ended on purpose right now; their end is not for the supervisor. */
  readonly #trapped = new Set<CrewMember>();

  constructor(private readonly place: CrewPlace) {}

  of(member: CrewMember): ServiceProcess {
    const found = this.#processes.get(member);
    if (found === undefined) throw new Error(`${member} was never started`);
    return found;
  }

  async start(...members: readonly CrewMember[]): Promise<void> {
    await Promise.all(members.map((member) => this.#spawn(member).ready()));
  }

  /** SIGKILL from outside, whatever it does at this instant, and a new process at once. */
  async killNow(victim: Victim): Promise<void> {
    this.kills.push({ victim, label: null, at: systemClock.wallMicros() });
    await this.of(victim).kill();
    this.#spawn(victim);
  }

  /** Replaces a service by one that ends itself there. `provoke` makes it pass the label. False = it did not within the bound. */
  async trap(member: Victim | 'sender-2', trap: Trap, provoke: (process: ServiceProcess) => Promise<void>): Promise<boolean> {
    this.#trapped.add(member);
    try {
      await this.#processes.get(member)?.kill();
      const process = this.#spawn(member, trap);
      const end = process.gone.then(() => systemClock.wallMicros());
      await Promise.race([end, provoke(process).then(() => bounded(end))]);
      const hit = process.endedBy === 'SIGKILL';
      if (hit) this.kills.push({ victim: member === 'sender-2' ? 'sender' : member, label: trap.label, at: await end });
      await process.kill();
      return hit;
    } finally {
      this.#trapped.delete(member);
    }
  }

  /** Starts again who is not there. */
  revive(): void {
    for (const victim of victims) {
      if (this.#trapped.has(victim) || this.#processes.get(victim)?.runs === true) continue;
      const process = this.of(victim);
      if (process.died) this.deaths.push(`${victim} ended by itself: ${process.lastError()}`);
      process.bury();
      this.#spawn(victim);
    }
  }

  async ready(): Promise<void> {
    this.revive();
    await Promise.all(victims.map((victim) => this.of(victim).ready()));
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((process) => process.kill()));
  }

  #spawn(member: CrewMember, trap?: Trap): ServiceProcess {
    const { portBase, env, logFileOf } = this.place;
    const trapped = trap === undefined ? {} : { PACELINE_KILL_AT: `${trap.label}@${trap.nth}`, ...envOf(trap.label) };
    const spawned = ServiceProcess.spawn({
      service: serviceOf(member),
      port: portBase + portOffsets[member],
      logFile: logFileOf(member),
      env: { ...env, ...trapped },
      ...(trap === undefined ? {} : { preload: 'regression/chaos/kill-at.mjs' }),
    });
    this.#processes.set(member, spawned);
    return spawned;
  }
}

const trapBoundMs = 30_000;

async function bounded(end: Promise<unknown>): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  await Promise.race([end, new Promise((resolve) => (late = setTimeout(resolve, trapBoundMs)))]);
  clearTimeout(late);
}

/** A full queue is only met by who may hold few. */
const envOf = (label: string): Readonly<Record<string, string>> => (label === 'slots:before-room' ? { SENDER_QUEUE_BOUND: '10' } : {});
