// The processes of a run by name; a fault names its victim, and each is ended by its own pid.
import { ServiceProcess, type ServicePlan } from './service-process.ts';

/** Distance of each member's port from the port base; the servers have theirs between. */
const portOffsets = { simulator: 0, 'error-router': 6, 'pacer-1': 7, 'pacer-2': 8, 'sender-1': 9, 'sender-2': 10 } as const;
export type Member = keyof typeof portOffsets;

/** The servers' ports included, those of three brokers too. */
export const portsOfARun = 28;
const arranged = (Object.keys(portOffsets) as Member[]).filter((member) => /^(pacer|sender)-/.test(member));

/** How one process of a run differs from its like. */
export type OwnPlan = Partial<Pick<ServicePlan, 'preload' | 'env'>>;

export interface MembersPlace {
  readonly portBase: number;
  readonly env: ServicePlan['env'];
  readonly logFileOf: (member: Member) => string;
}

export class Members {
  readonly #deaths: string[] = [];
  readonly #processes = new Map<Member, ServiceProcess>();

  constructor(private readonly place: MembersPlace) {}

  of(member: Member): ServiceProcess {
    const found = this.#processes.get(member);
    if (found === undefined) throw new Error(`${member} was never started`);
    return found;
  }

  runs(member: Member): boolean {
    return this.#processes.get(member)?.runs === true;
  }

  /** Ends that nobody asked for, since the last time this was asked. */
  died(): readonly string[] {
    this.#notice();
    return this.#deaths.splice(0);
  }

  /** Starts again who ended by itself, as a supervisor does in production; the end is told all the same. */
  async revive(): Promise<void> {
    await this.start(...this.#notice());
  }

  #notice(): readonly Member[] {
    const dead = [...this.#processes].filter(([, process]) => process.died);
    for (const [member, process] of dead) {
      this.#deaths.push(`${member} ended by itself: ${process.lastError()}`);
      process.bury();
    }
    return dead.map(([member]) => member);
  }

  /** Starts these members and waits until all are ready. */
  async start(...names: readonly Member[]): Promise<void> {
    await Promise.all(names.map((member) => this.#spawn(member).ready()));
  }

  /** With what this process alone is given: a module loaded before the service, environment. */
  async startWith(member: Member, own: OwnPlan): Promise<void> {
    await this.#spawn(member, own).ready();
  }

  /** Starts a member that cannot become ready as things are; resolves with the last line of its end. */
  async startInVain(member: Member): Promise<string> {
    const process = this.#spawn(member);
    process.bury();
    await process.gone;
    return process.lastError();
  }

  async stop(...names: readonly Member[]): Promise<void> {
    await Promise.all(names.map((member) => this.of(member).stop()));
  }

  /** Exactly these pacers and senders run. */
  async arrange(...wanted: readonly Member[]): Promise<void> {
    await this.start(...wanted.filter((member) => !this.runs(member)));
    await this.stop(...arranged.filter((member) => this.runs(member) && !wanted.includes(member)));
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((process) => process.kill()));
  }

  #spawn(member: Member, { env: own = {}, ...over }: OwnPlan = {}): ServiceProcess {
    const { portBase, env, logFileOf } = this.place;
    const spawned = ServiceProcess.spawn({
      service: member.replace(/-\d$/, ''),
      port: portBase + portOffsets[member],
      logFile: logFileOf(member),
      env: { ...env, ...own },
      ...over,
    });
    this.#processes.set(member, spawned);
    return spawned;
  }
}
