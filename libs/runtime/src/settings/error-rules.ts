import { errorTable, overrideProblems, phases, ruleActions, ruleClasses, ruleScopes, type ErrorOverride } from '@paceline/contracts';
import { z } from 'zod';
import { duration } from '../values.ts';

const oneOf = <T extends readonly [string, ...string[]]>(texts: T) => z.enum(texts, `give ${texts.join(', ')}`);

const override = z
  .strictObject({
    code: z.int('give a code of Twilio, a whole number').min(1).max(999_999).describe('the code that Twilio gives'),
    phase: oneOf(phases)
      .exactOptional()
      .describe('where the code is met: sync = in the answer of the call, callback = in a later status. Default: both'),
    class: oneOf(ruleClasses).exactOptional().describe('kind of fault. Default: as the table has it'),
    action: oneOf(ruleActions).exactOptional().describe('what is done. Default: as the table has it'),
    scope: oneOf(ruleScopes).exactOptional().describe('what else the rule holds for, beside the row. Default: as the table has it'),
    delay: duration({ min: '0ms', max: '7d' })
      .exactOptional()
      .describe('least wait before the next try, where the action tries again. Default: as the table has it'),
  })
  .transform(({ delay, ...rule }): ErrorOverride => (delay === undefined ? rule : { ...rule, delayMs: delay }))
  .describe('a code and what it means here; a code that the table does not know needs class, action and scope');

/** Each problem at the rule that it is about: a problem depends on the rules before it only. */
function refuseProblems(overrides: readonly ErrorOverride[], context: z.RefinementCtx<readonly ErrorOverride[]>): void {
  overrides.forEach((_, at) => {
    const before = overrideProblems(errorTable, overrides.slice(0, at)).length;
    for (const message of overrideProblems(errorTable, overrides.slice(0, at + 1)).slice(before)) {
      context.addIssue({ code: 'custom', path: [at], message });
    }
  });
}

/** What the operator says about codes in place of the error table. */
export const errorRules = z
  .array(override)
  .default([])
  .superRefine(refuseProblems)
  .describe("rules in place of the error table's, by code; see the table in docs/reference/error-table.md");
