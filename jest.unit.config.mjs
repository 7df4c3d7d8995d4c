import { preset } from './jest.preset.mjs';

// All unit specs of the workspace in one worker pool: on two cores one process beats twenty.
export default {
  ...preset,
  displayName: 'unit',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools', '<rootDir>/deploy', '<rootDir>/benchmarks', '<rootDir>/regression'],
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: [...preset.testPathIgnorePatterns, '\\.(int|e2e|long)\\.spec\\.ts$'],
  maxWorkers: 2,
  // Only ends what hangs: on a busy machine a spec that starts a process takes its time.
  testTimeout: 60_000,
};
