import { event, metaOf, recordOf, type CodeCount, type Micros, type OutputRecord, type ResponseClass } from '@paceline/contracts';
import type { Routed } from './open-attempts.ts';

interface AccountTally {
  readonly first: string;
  readonly counts: Map<string, { readonly of: Omit<CodeCount, 'attempts'>; attempts: number }>;
}

/** Attempts that ended without an answer that could be read: what became of the call is not known. */
const unanswered: ReadonlySet<string> = new Set(['HORIZON', 'UNDECODABLE']);

/**
 * How the attempts of one transaction ended, by account: the pacer's evidence of how fast it may go. It is written in the
 * transaction that decides them, so that each decided attempt is counted exactly once.
 */
export class CodeTally {
  readonly #accounts = new Map<string, AccountTally>();

  add({ attemptId, claim, class: type, code }: Pick<Routed, 'attemptId' | 'claim' | 'class' | 'code'>): void {
    const { account, lane, batchId } = claim.request;
    let tally = this.#accounts.get(account);
    if (tally === undefined) this.#accounts.set(account, (tally = { first: attemptId, counts: new Map() }));
    const key = `${lane} ${batchId} ${type} ${code}`;
    const known = tally.counts.get(key);
    if (known !== undefined) known.attempts += 1;
    else tally.counts.set(key, { of: { lane, batchId, class: classOf(type), code }, attempts: 1 });
  }

  /** One record per account; the id is that of the transaction's first decided attempt. */
  records(partition: number, at: Micros): readonly OutputRecord[] {
    return [...this.#accounts].map(([account, { first, counts }]) =>
      recordOf(
        event('CodesCounted', {
          meta: metaOf('CodesCounted', { natural: [account, partition, first], at, correlationId: account }),
          account,
          partition,
          counts: [...counts.values()].map(({ of, attempts }) => ({ ...of, attempts })),
        }),
      ),
    );
  }
}

const classOf = (type: string): ResponseClass => (unanswered.has(type) ? 'IN_DOUBT' : (type as ResponseClass));
