import { settingAt, type Path } from './setting-path.ts';

/** A problem that no single setting shows. */
export interface CrossProblem {
  readonly path: Path;
  readonly message: string;
}

/** The settings as far as they are readable: a section with problems of its own is still compared with the others. */
export interface LenientSettings {
  readonly accounts: readonly Readonly<Record<string, unknown>>[];
  readonly sources: readonly Readonly<Record<string, unknown>>[];
}

type Check = (settings: LenientSettings) => CrossProblem[];

function duplicates(list: 'accounts' | 'sources', field: string): Check {
  return (settings) => {
    const first = new Map<unknown, number>();
    return settings[list].flatMap((item, index): CrossProblem[] => {
      const value = item[field];
      if (typeof value !== 'string') return [];
      const earlier = first.get(value);
      if (earlier !== undefined) return [{ path: [list, index, field], message: `already used by ${settingAt([list, earlier])}` }];
      first.set(value, index);
      return [];
    });
  };
}

const unknownAccount: Check = ({ accounts, sources }) => {
  const names = [...new Set(accounts.map((account) => account['name']).filter((name) => typeof name === 'string'))];
  return sources.flatMap((source, index): CrossProblem[] => {
    const account = source['account'];
    if (typeof account !== 'string' || names.includes(account)) return [];
    return [{ path: ['sources', index, 'account'], message: `no account has this name; known: ${names.join(', ') || 'none'}` }];
  });
};

const confirmLive: Check = ({ accounts }) =>
  accounts.flatMap((account, index): CrossProblem[] =>
    account['mode'] !== 'live' || account['confirmLive'] === account['sid']
      ? []
      : [{ path: ['accounts', index, 'confirmLive'], message: "mode live makes real calls: repeat the account's sid here to allow it" }],
  );

const isEmpty = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0);

const credentials: Check = ({ accounts }) =>
  accounts.flatMap((account, index): CrossProblem[] => {
    const [key, secret] = [!isEmpty(account['apiKey']), !isEmpty(account['apiSecret'])];
    if (key !== secret) return [{ path: ['accounts', index, key ? 'apiSecret' : 'apiKey'], message: 'give apiKey and apiSecret together' }];
    if (key || !isEmpty(account['authToken'])) return [];
    return [{ path: ['accounts', index, 'authToken'], message: 'give authToken, or apiKey and apiSecret' }];
  });

const PLACES = ['folder', 'bucket', 'topic'];

const onePlace: Check = ({ sources }) =>
  sources.flatMap((source, index): CrossProblem[] => {
    const given = PLACES.filter((place) => source[place] !== undefined);
    const problems: CrossProblem[] = [];
    if (given.length !== 1) problems.push({ path: ['sources', index], message: 'give exactly one of folder, bucket and topic' });
    if (source['prefix'] !== undefined && source['bucket'] === undefined) {
      problems.push({ path: ['sources', index, 'prefix'], message: 'prefix needs bucket' });
    }
    return problems;
  });

const checks: readonly Check[] = [
  duplicates('accounts', 'name'),
  duplicates('accounts', 'sid'),
  duplicates('sources', 'name'),
  duplicates('sources', 'folder'),
  duplicates('sources', 'topic'),
  unknownAccount,
  confirmLive,
  credentials,
  onePlace,
];

export const crossProblems = (settings: LenientSettings): CrossProblem[] => checks.flatMap((check) => check(settings));
