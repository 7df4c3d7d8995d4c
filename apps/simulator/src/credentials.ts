import { isSid } from './addresses.ts';
import { type Answer } from './answers.ts';
import { refused } from './refusals.ts';

export interface Credential {
  readonly user: string;
  readonly secret: string;
}

/** A configured user: its secret and, for an API key, the account it belongs to. */
export interface KnownUser {
  readonly secret: string;
  readonly account?: string | undefined;
}

const LEARNED_LIMIT = 1000;

/** User and secret of a Basic header; null when there is none or it cannot be read. */
export function basicAuthOf(header: string | undefined): Credential | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const at = text.indexOf(':');
  return at < 0 ? null : { user: text.slice(0, at), secret: text.slice(at + 1) };
}

/**
 * Who may call as which account. Without configured users every AC or SK sid with a non-empty secret is a customer.
 * An API key belongs to the account that is configured for it, else to the account in the first path it was used on.
 */
export class Credentials {
  private readonly known: ReadonlyMap<string, KnownUser>;
  private readonly learned = new Map<string, string>();

  constructor(known: Readonly<Record<string, KnownUser>> = {}) {
    this.known = new Map(Object.entries(known));
  }

  /** The account a request counts for; null when nothing tells. */
  accountOf(credential: Credential | null, pathAccount: string | null): string | null {
    if (pathAccount !== null && isSid('AC', pathAccount)) return pathAccount;
    if (credential === null) return null;
    if (isSid('AC', credential.user)) return credential.user;
    return isSid('SK', credential.user) ? this.accountOfKey(credential.user) : null;
  }

  /** The refusal of a request that may not be made; null when it may. */
  refusal(credential: Credential | null, pathAccount: string | null): Answer | null {
    if (credential === null || !this.isGenuine(credential)) return refused(20003);
    if (pathAccount === null) return null;
    const owner = this.ownerOf(credential.user);
    if (!isSid('AC', pathAccount) || (owner !== undefined && owner !== pathAccount)) return refused(20404);
    if (owner === undefined) this.learn(credential.user, pathAccount);
    return null;
  }

  private isGenuine({ user, secret }: Credential): boolean {
    if (this.known.size > 0) return this.known.get(user)?.secret === secret;
    return secret !== '' && (isSid('AC', user) || isSid('SK', user));
  }

  private ownerOf(user: string): string | undefined {
    return isSid('AC', user) ? user : this.known.get(user)?.account;
  }

  private accountOfKey(key: string): string {
    return this.known.get(key)?.account ?? this.learned.get(key) ?? `AC${key.slice(2)}`;
  }

  private learn(key: string, account: string): void {
    if (this.learned.size < LEARNED_LIMIT && !this.learned.has(key)) this.learned.set(key, account);
  }
}
