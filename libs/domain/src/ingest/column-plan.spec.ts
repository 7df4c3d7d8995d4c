import { ColumnTargets, planColumns, type ColumnRules } from './column-plan.ts';

const rules = (over: Partial<ColumnRules> = {}): ColumnRules => ({ columns: {}, defaults: {}, ...over });
const plan = (header: readonly string[], over: Partial<ColumnRules> = {}) => planColumns(header, new ColumnTargets(rules(over)), 10);
const names = (header: readonly string[], over: Partial<ColumnRules> = {}): unknown => {
  const planned = plan(header, over);
  return 'code' in planned ? planned.code : planned.targets.map((target) => `${target.use}:${target.name}`);
};

describe('planColumns', () => {
  it.each([
    [
      'names are compared without case and spaces',
      ['to', 'FROM', 'messaging service sid', ' body '],
      ['param:To', 'param:From', 'param:MessagingServiceSid', 'param:Body'],
    ],
    [
      'indexes and repeated columns make a list',
      ['To', 'MediaUrl[0]', 'MediaUrl[1]', 'MediaUrl'],
      ['param:To', 'param:MediaUrl', 'param:MediaUrl', 'param:MediaUrl'],
    ],
    [
      'our own columns are never sent',
      ['To', 'Api', 'Not Before', 'externalid'],
      ['param:To', 'own:Api', 'own:NotBefore', 'own:ExternalId'],
    ],
    ['other columns are kept aside', ['To', 'Nick name'], ['param:To', 'aside:Nick name']],
    [
      'status callbacks are ours',
      ['To', 'StatusCallback', 'StatusCallbackMethod'],
      ['param:To', 'ignored:StatusCallback', 'ignored:StatusCallbackMethod'],
    ],
    ['services and flows have shorter names', ['To', 'VerifyService', 'Flow'], ['param:To', 'param:ServiceSid', 'param:FlowSid']],
    ['a file without To is refused', ['phone', 'Body'], 'no-to-column'],
    ['one parameter in two columns is refused', ['To', 'to', 'Body'], 'duplicate-column'],
    ['two other columns of one name are not', ['To', 'x', 'x'], ['param:To', 'aside:x', 'aside:x']],
    ['too many columns are refused', ['To', ...Array.from({ length: 10 }, (_, n) => `c${n}`)], 'too-many-columns'],
    ['column names that fit into no record are refused', ['To', 'x'.repeat(32_767)], 'too-many-columns'],
  ])('%s', (_rule, header, expected) => {
    expect(names(header)).toEqual(expected);
  });

  it("a source's own names go first; the header of the taken name is then a plain column", () => {
    expect(names(['phone', 'To', 'msg'], { columns: { To: 'Phone', Body: 'msg' } })).toEqual(['param:To', 'aside:To', 'param:Body']);
  });

  it('a source that fills To needs no column for it', () => {
    expect(names(['Body'], { defaults: { To: '+15005550006' } })).toEqual(['param:Body']);
  });
});
