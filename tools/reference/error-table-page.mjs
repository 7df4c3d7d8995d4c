import * as contracts from '../../libs/contracts/src/index.ts';
import { code, page, table } from './markdown.mjs';

const wait = (ms) =>
  ms === undefined ? '' : ms < 60_000 ? `${ms / 1_000} s` : ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`;
const httpOf = ({ http }) => (http[0] === http[1] ? `HTTP ${http[0]}` : `HTTP ${http[0]}-${http[1]}`);

export function errorTablePage() {
  const rows = contracts.errorTable.map((rule) => [
    rule.codes.length > 0 ? rule.codes.join(', ') : httpOf(rule),
    rule.phases.join(', '),
    rule.class,
    rule.scope,
    rule.action,
    [rule.channel === undefined ? '' : `channel ${rule.channel}`, wait(rule.delayMs), rule.strikes ? `${rule.strikes} strikes` : '']
      .filter(Boolean)
      .join(', '),
    rule.meaning,
  ]);
  const lists = {
    'Refused rows': contracts.refusalCodes,
    'Refused files': contracts.fileRefusalCodes,
    'Returned slots': contracts.returnReasons,
    Responses: contracts.responseReasons,
    'Scheduled attempts': contracts.retryReasons,
    Outcomes: contracts.outcomeReasons,
  };
  return page(
    'Error table and reasons',
    'libs/contracts/src/error-rules.ts and reasons.ts',
    `Rule version \`${contracts.ruleVersion}\`. What a code or a status of Twilio means: the code comes first, the HTTP status second. ` +
      'A call that may have been processed stays a doubt whatever its code says. `sync` is the answer of the call; `callback` rules wait for the receiver of callbacks. ' +
      'Of the actions, those that concern one row (retry, reject, suppress, doubt) and the waiting of its account are carried out today; what an action names beyond that is listed in the [README](../../README.md#not-there-yet).',
    table(['code or status', 'phase', 'class', 'holds for', 'action', 'more', 'meaning'], rows),
    '## Closed lists of reasons',
    table(
      ['where', 'reasons'],
      Object.entries(lists).map(([name, list]) => [name, list.map(code).join(', ')]),
    ),
  );
}
