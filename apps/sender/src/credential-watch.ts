import { stat, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { TwilioAccount } from '@paceline/adapter-twilio';
import { loadSettings } from '@paceline/runtime';
import { parse } from 'yaml';
import type { Scheduler, SenderLogger } from './sender-ports.ts';
import { twilioAccount } from './twilio-account.ts';

export interface CredentialWatchOptions {
  /** Path of the settings file. */
  readonly settingsFile: string;
  /** What the calls sign in with now. */
  readonly accounts: readonly TwilioAccount[];
  readonly renew: (accounts: readonly TwilioAccount[]) => void;
  readonly scheduler: Scheduler;
  readonly logger: SenderLogger;
}

const everyMs = 3_000;

/**
 * Credentials rotated while we run: when the settings file or a file that it names changes, it is read and checked
 * again, and what signs in anew is handed on. Everything else of the settings needs a restart; settings that do not
 * hold are reported, and the credentials in use stay in use.
 */
export class CredentialWatch {
  readonly name = 'credentials';
  #accounts: readonly TwilioAccount[];
  #seen = '';
  #cancel: (() => void) | null = null;

  constructor(private readonly options: CredentialWatchOptions) {
    this.#accounts = options.accounts;
  }

  async start(): Promise<void> {
    this.#seen = await this.#marks();
    this.#next();
  }

  stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    return Promise.resolve();
  }

  #next(): void {
    this.#cancel = this.options.scheduler.after(everyMs, () => {
      void this.look().finally(() => this.#cancel !== null && this.#next());
    });
  }

  /** One look at the files. */
  async look(): Promise<void> {
    const marks = await this.#marks();
    if (marks === this.#seen) return;
    this.#seen = marks;
    this.#reload();
  }

  #reload(): void {
    const { settingsFile, logger, renew } = this.options;
    const loaded = loadSettings(settingsFile);
    if (!loaded.ok) return logger.error({ problems: loaded.problems }, 'settings changed but do not hold: credentials stay as they are');
    const found = new Map(loaded.settings.accounts.map((account) => [account.name, twilioAccount(account)]));
    const renewed = this.#accounts.map((known) => signInOf(known, found.get(known.name)));
    const changed = renewed.filter((account, at) => !isDeepStrictEqual(account, this.#accounts[at]));
    if (changed.length === 0) return;
    this.#accounts = renewed;
    renew(changed);
    logger.info({ accounts: changed.map(({ name }) => name) }, 'credentials renewed');
  }

  /** Changes whenever one of the files does; a secret mounted from elsewhere changes by its link. */
  async #marks(): Promise<string> {
    const { settingsFile } = this.options;
    const text = await readFile(settingsFile, 'utf8').catch(() => '');
    const files = [settingsFile, ...namedFiles(text).map((file) => resolve(dirname(settingsFile), file))];
    const marks = files.map((file) =>
      stat(file).then(
        ({ mtimeMs, size, ino }) => `${file} ${mtimeMs} ${size} ${ino}`,
        () => `${file} absent`,
      ),
    );
    return (await Promise.all(marks)).join('\n');
  }
}

/** Only what signs in; and of another Twilio account nothing, since claims name the old one. */
const signInOf = (known: TwilioAccount, found: TwilioAccount | undefined): TwilioAccount =>
  found === undefined || found.sid !== known.sid ? known : { ...known, username: found.username, password: found.password };

/** Every `{file: path}` of the settings. Text that is not YAML names none. */
function namedFiles(text: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { file } = value as { file?: unknown };
    if (typeof file === 'string') found.push(file);
    Object.values(value).forEach(visit);
  };
  try {
    visit(parse(text));
  } catch {
    // The change of the file itself is seen; what is wrong with it, its own check says.
  }
  return found;
}
