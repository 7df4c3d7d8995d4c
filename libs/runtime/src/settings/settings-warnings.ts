// What is allowed and yet hardly meant: told by `settings check`, never in the way of a start.
import { isSenderAddress } from './sender-address.ts';
import type { Path } from './setting-path.ts';
import type { CrossProblem } from './settings-checks.ts';
import type { ParsedSettings } from './settings-schema.ts';

type Account = ParsedSettings['accounts'][number];

interface Subject {
  readonly account: Account;
  /** The account as it is written, before defaults. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly at: Path;
}

type Warn = (subject: Subject) => CrossProblem[];

const hasKey = (value: unknown, key: string): boolean => typeof value === 'object' && value !== null && key in value;
const itemOf = (list: unknown, index: number): unknown => (Array.isArray(list) ? (list as unknown[])[index] : undefined);

const laneAboveAccount: Warn = ({ account, at }) =>
  account.senders.flatMap(({ segmentsPerSecond }, index): CrossProblem[] =>
    segmentsPerSecond <= account.callsPerSecond
      ? []
      : [
          {
            path: [...at, 'senders', index],
            message: `${segmentsPerSecond} segments a second are above the account's ${account.callsPerSecond} calls a second: the account's limit binds`,
          },
        ],
  );

const senderDefaults: Warn = ({ account, written, at }) =>
  account.senders.flatMap(({ type, segmentsPerSecond }, index): CrossProblem[] => {
    const own = itemOf(written['senders'], index);
    if (hasKey(own, 'type') || hasKey(own, 'segmentsPerSecond')) return [];
    const message = `neither type nor segmentsPerSecond is given: taken as ${type}, ${segmentsPerSecond} segments a second`;
    return [{ path: [...at, 'senders', index], message }];
  });

const oddSender: Warn = ({ account, at }) =>
  account.senders.flatMap(({ id }, index): CrossProblem[] =>
    isSenderAddress(id)
      ? []
      : [
          {
            path: [...at, 'senders', index, 'id'],
            message:
              'no row can have this sender: give a number in E.164, a short code, a sender name, a channel address or MG and 32 hexadecimal digits',
          },
        ],
  );

const unlistedPoolNumber: Warn = ({ account, at }) => {
  const known = new Set(account.senders.map(({ id }) => id));
  return account.senders.flatMap(({ pool }, index) =>
    pool.flatMap((id, place): CrossProblem[] =>
      known.has(id)
        ? []
        : [
            {
              path: [...at, 'senders', index, 'pool', place],
              message: 'not among the senders of the account: counted as a long code, 1 segment a second; list it with its type',
            },
          ],
    ),
  );
};

const apiAboveAccount: Warn = ({ account, written, at }) =>
  Object.entries(account.apiLimits).flatMap(([api, limit]): CrossProblem[] =>
    typeof limit !== 'number' || limit <= account.callsPerSecond || !hasKey(written['apiLimits'], api)
      ? []
      : [
          {
            path: [...at, 'apiLimits', api],
            message: `${limit} calls a second are above the account's ${account.callsPerSecond}: the account's limit binds`,
          },
        ],
  );

const unlistedAboveAccount: Warn = ({ account, at }) =>
  account.unlistedSegmentsPerSecond === undefined || account.unlistedSegmentsPerSecond <= account.callsPerSecond
    ? []
    : [
        {
          path: [...at, 'unlistedSegmentsPerSecond'],
          message: `above the account's ${account.callsPerSecond} calls a second: the account's limit binds`,
        },
      ];

/** A floor above the pace would raise it. */
const floorAboveAccount: Warn = ({ account, written, at }) =>
  account.adaptive.floorPerSecond <= account.callsPerSecond || !hasKey(written['adaptive'], 'floorPerSecond')
    ? []
    : [
        {
          path: [...at, 'adaptive', 'floorPerSecond'],
          message: `above the account's ${account.callsPerSecond} calls a second: never lowered`,
        },
      ];

const hourSeconds = 3_600;

const earlyDailyCap: Warn = ({ account, at }) => {
  const { dailyCap, callsPerSecond, dailyReset } = account;
  if (dailyCap === undefined || dailyCap >= callsPerSecond * hourSeconds) return [];
  const seconds = Math.ceil(dailyCap / callsPerSecond);
  const message = `reached after ${seconds} s at ${callsPerSecond} calls a second; then nothing is called until ${dailyReset.at} ${dailyReset.zone}, whatever batch waits`;
  return [{ path: [...at, 'dailyCap'], message }];
};

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const longQuiet: Warn = ({ account: { quietHours }, at }) => {
  if (quietHours === undefined) return [];
  const quiet = (minutesOf(quietHours.to) - minutesOf(quietHours.from) + 1_440) % 1_440;
  if (quiet <= 1_440 - 60) return [];
  return [{ path: [...at, 'quietHours'], message: `only ${1_440 - quiet} minutes a day are left to call in` }];
};

/** One call in a thousand seconds: hardly a pace. */
const slowestPace = 0.001;

const slowPace: Warn = ({ account: { callsPerSecond }, at }) =>
  callsPerSecond >= slowestPace
    ? []
    : [{ path: [...at, 'callsPerSecond'], message: `one call in ${Math.round(1 / callsPerSecond)} s; to stop an account, pause it` }];

const warns: readonly Warn[] = [
  slowPace,
  earlyDailyCap,
  laneAboveAccount,
  senderDefaults,
  oddSender,
  unlistedPoolNumber,
  unlistedAboveAccount,
  apiAboveAccount,
  floorAboveAccount,
  longQuiet,
];

/** Warnings on settings without a problem; `raw` is the file as written. Never quotes an address. */
export function settingsWarnings({ accounts }: ParsedSettings, raw: unknown): CrossProblem[] {
  const written = (raw as { accounts?: unknown }).accounts;
  return accounts.flatMap((account, index) => {
    const own = itemOf(written, index) as Subject['written'];
    return warns.flatMap((warn) => warn({ account, written: own, at: ['accounts', index] }));
  });
}
