import { overrideProblems, type ErrorOverride } from './error-override.ts';
import { errorTable, ErrorTable, ruleVersion, shippedErrorTable } from './error-table.ts';

const ruled = (overrides: readonly ErrorOverride[], code: number, phase: 'sync' | 'callback' = 'sync') =>
  ErrorTable.of(overrides).route({ api: 'messages', httpStatus: 400, code, phase });

test('without overrides the table is the shipped one', () => {
  expect(ErrorTable.of([]).rules).toBe(errorTable);
  expect(shippedErrorTable.version).toBe(ruleVersion);
});

test('an override changes what it names and leaves the rest as it was', () => {
  const shipped = shippedErrorTable.route({ api: 'messages', httpStatus: null, code: 21611, phase: 'sync' });
  expect(ruled([{ code: 21611, delayMs: 90_000 }], 21611)).toEqual({
    ...shipped,
    delayMs: 90_000,
    meaning: 'sender queue full (rule of the settings)',
  });
});

test('the other codes of its rule keep theirs', () => {
  const overrides: ErrorOverride[] = [{ code: 21614, action: 'reject', scope: 'none' }];
  expect(ruled(overrides, 21614)).toMatchObject({ action: 'reject', scope: 'none', codes: [21614] });
  expect(ruled(overrides, 21635)).toMatchObject({ action: 'suppress', scope: 'contact-channel', codes: [21635] });
});

test('of one phase, the other phase keeps its rule', () => {
  const overrides: ErrorOverride[] = [{ code: 21610, phase: 'callback', action: 'alert' }];
  expect(ruled(overrides, 21610, 'callback')).toMatchObject({ action: 'alert' });
  expect(ruled(overrides, 21610, 'sync')).toMatchObject({ action: 'suppress' });
});

test('a code that the table does not know can be given a rule', () => {
  expect(ruled([{ code: 99_999, class: 'transient', action: 'retry-late', scope: 'none', delayMs: 5_000 }], 99_999)).toMatchObject({
    action: 'retry-late',
    delayMs: 5_000,
    phases: ['sync', 'callback'],
  });
});

test('what suppresses by an override has a channel, and a strike is counted', () => {
  expect(ruled([{ code: 21612, action: 'strike', scope: 'contact' }], 21612)).toMatchObject({ channel: '*', strikes: 3 });
});

test('the version tells that there are overrides, and which', () => {
  const version = (delayMs: number) => ErrorTable.of([{ code: 21611, delayMs }]).version;
  expect(version(1)).toMatch(new RegExp(`^${ruleVersion}\\+[0-9a-f]{8}$`));
  expect(version(1)).toBe(version(1));
  expect(version(1)).not.toBe(version(2));
});

test.each<[string, readonly ErrorOverride[], string]>([
  ['an unknown code without a whole rule', [{ code: 99_999, action: 'reject' }], '99999: the table has no rule for it'],
  ['a scope that the action cannot have', [{ code: 21612, action: 'suppress' }], '21612: suppress cannot be of none; give scope value or'],
  ['an action that its scope cannot bear', [{ code: 20003, scope: 'batch' }], '20003: stop-account cannot be of batch; give scope account'],
  ['the same code twice', [{ code: 21611 }, { code: 21611, phase: 'sync' }], '21611: given twice'],
])('is a problem: %s', (_what, overrides, problem) => {
  expect(overrideProblems(errorTable, overrides).join()).toContain(problem);
  expect(() => ErrorTable.of(overrides)).toThrow(problem);
});

test('the same code once for each phase is none', () => {
  expect(
    overrideProblems(errorTable, [
      { code: 21611, phase: 'sync' },
      { code: 21611, phase: 'callback' },
    ]),
  ).toEqual([]);
});

test('the shipped rules keep to the scopes of their actions', () => {
  const same = errorTable.flatMap((rule) => rule.codes.map((code) => ({ code, phase: rule.phases[0] ?? 'sync' })));
  expect(overrideProblems(errorTable, same)).toEqual([]);
});
