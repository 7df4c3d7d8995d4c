import { join } from 'node:path';
import { workspaceRoot } from '../source-command.mjs';
import { missingSteps, stepsOf } from './row-walk.mjs';

describe("the list of a row's walk", () => {
  it('names functions that are where it says: else put their new place into tools/row-walk.json', () => {
    expect(missingSteps(workspaceRoot, stepsOf(join(workspaceRoot, 'tools', 'row-walk.json')))).toEqual([]);
  });

  it('is found out when a function is only called there, or its file is gone', () => {
    const called = { leg: 'pacer', path: 'apps/pacer/src/pacing.task.ts', name: 'decideSlice' };
    const gone = { leg: 'pacer', path: 'apps/pacer/src/gone.ts', name: 'decideSlice' };
    expect(missingSteps(workspaceRoot, [called, gone])).toEqual([called, gone]);
  });
});
