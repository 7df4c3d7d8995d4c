import type { EventOf, Request } from '@paceline/contracts';
import { accountCap, callGate, ControlIndex } from '@paceline/domain/controls';
import { channelsOf, SuppressionIndex, type Disposal } from '@paceline/domain/sending';
import type { Clock, Table } from '@paceline/pipeline';

type Controls = Table<EventOf<'ControlSet'>>;
type Suppressions = Table<EventOf<'SuppressionSet'>>;

/**
 * What the two tables say about a request, kept current record by record. While either table is not fresh nothing is
 * claimed and nothing is fired: a missed STOP must never become a call.
 */
export class SendGates {
  readonly #controls: ControlIndex;
  readonly #suppressions = new SuppressionIndex();

  constructor(
    private readonly tables: { readonly controls: Controls; readonly suppressions: Suppressions },
    private readonly clock: Clock,
  ) {
    this.#controls = ControlIndex.over(tables.controls);
    tables.suppressions.onChange((key, data) => this.#suppressions.apply(key, data));
    for (const [key, data] of tables.suppressions.entries()) this.#suppressions.apply(key, data);
  }

  areFresh(): boolean {
    return this.tables.controls.isFresh() && this.tables.suppressions.isFresh();
  }

  /** Monotonic instant up to which both tables stay fresh if nothing more is heard. */
  freshUntilMs(): number {
    return Math.min(this.tables.controls.freshUntilMs(), this.tables.suppressions.freshUntilMs());
  }

  isSuppressed({ contact, api, sender, personal }: Request): boolean {
    return this.#suppressions.find({ contact, channels: channelsOf(api, personal), sender }, this.clock.wallMicros()) !== undefined;
  }

  /** The control in the way of a claim. */
  controlOf(request: Request): Disposal | null {
    const gate = callGate(this.#controls, request);
    return gate?.act === 'close' ? { act: 'close', outcome: 'cancelled', reason: 'cancelled' } : gate;
  }

  /** Whether anything stands against a claim that waits for its instant. */
  isClosed(request: Request): boolean {
    return callGate(this.#controls, request) !== null || this.isSuppressed(request);
  }

  /** Told after each change of either table. */
  onChange(listener: () => void): void {
    this.tables.controls.onChange(listener);
    this.tables.suppressions.onChange(listener);
  }

  /** Calls in flight at once, at most. */
  capOf(account: string, configured: number): number {
    return accountCap(this.#controls, account, configured);
  }
}
