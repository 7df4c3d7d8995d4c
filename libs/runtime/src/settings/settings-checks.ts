import { isPoolAddress } from './sender-address.ts';
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

const recordsOf = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null) : [];

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

const senderTwice: Check = ({ accounts }) =>
  accounts.flatMap((account, index) => {
    const first = new Map<unknown, number>();
    return recordsOf(account['senders']).flatMap(({ id }, place): CrossProblem[] => {
      const earlier = first.get(id);
      if (earlier === undefined) first.set(id, place);
      if (earlier === undefined || typeof id !== 'string') return [];
      const message = `already used by ${settingAt(['accounts', index, 'senders', earlier])}`;
      return [{ path: ['accounts', index, 'senders', place, 'id'], message }];
    });
  });

/** A number that is not listed is counted as a long code; one that is none can never be right. */
const poolNumbers: Check = ({ accounts }) =>
  accounts.flatMap((account, index) => {
    const senders = recordsOf(account['senders']);
    const known = new Set(senders.map(({ id }) => id));
    return senders.flatMap(({ pool }, place) =>
      textsOf(pool).flatMap((id, member): CrossProblem[] =>
        known.has(id) || isPoolAddress(id)
          ? []
          : [
              {
                path: ['accounts', index, 'senders', place, 'pool', member],
                message: 'give a number in E.164 (+ and 7 to 15 digits) or a short code of 3 to 8 digits',
              },
            ],
      ),
    );
  });

/** Nobody can tell whether a whole day or no hour of it was meant. */
const noHourLeft: Check = ({ accounts }) =>
  accounts.flatMap((account, index): CrossProblem[] => {
    const [quiet] = recordsOf([account['quietHours']]);
    if (quiet?.['from'] === undefined || quiet['from'] !== quiet['to']) return [];
    const message = 'from and to are the same, which leaves no hour to call in: give two times, or leave quietHours out';
    return [{ path: ['accounts', index, 'quietHours', 'to'], message }];
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
  senderTwice,
  poolNumbers,
  noHourLeft,
  onePlace,
];

export const crossProblems = (settings: LenientSettings): CrossProblem[] => checks.flatMap((check) => check(settings));
